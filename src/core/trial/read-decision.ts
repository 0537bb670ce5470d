import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Span } from "../trajectory/trajectory.ts";

const GRANTED_WORDS: readonly string[] = ["approved", "granted", "allowed"];
const DENIED_WORDS: readonly string[] = ["denied", "rejected", "refused", "forbidden"];
const DECIDERS: readonly string[] = [
  "by",
  "approver",
  "approved_by",
  "granted_by",
  "denied_by",
  "decided_by",
  "role",
];
const DECIDER_PARTS: readonly string[] = ["id", "name", "role", "login"];

/** Reads what an approver said; an answer that neither grants nor denies leaves the agent waiting. */
export function approvalStatus(answer: JsonValue): Span["status"] {
  return decisionIn(answer) ?? "waiting";
}

/** Reads what a policy said; an answer that does not deny has been given, whatever it says. */
export function policyStatus(answer: JsonValue): Span["status"] {
  return decisionIn(answer) ?? "succeeded";
}

function decisionIn(answer: JsonValue): "succeeded" | "denied" | undefined {
  const said: JsonObject = isJsonObject(answer) ? answer : { decision: answer };
  if (said.approved === true || said.granted === true || said.allowed === true) return "succeeded";
  if ([said.approved, said.granted, said.allowed].includes(false) || said.denied === true) return "denied";
  const words = [said.decision, said.status, said.state].map((word) => String(word).toLowerCase());
  if (words.some((word) => DENIED_WORDS.includes(word))) return "denied";
  return words.some((word) => GRANTED_WORDS.includes(word)) ? "succeeded" : undefined;
}

/** Reads who decided: names and roles, as `by`, `approved_by` and the like hold them; none where nobody is named. */
export function decidersIn(answer: JsonValue): readonly string[] {
  if (!isJsonObject(answer)) return [];
  return DECIDERS.flatMap((key) => (Object.hasOwn(answer, key) ? namesIn(answer[key]) : []));
}

function namesIn(value: JsonValue | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.filter((one) => typeof one === "string");
  if (!isJsonObject(value)) return [];
  return DECIDER_PARTS.flatMap((part) => {
    const name = Object.hasOwn(value, part) ? value[part] : undefined;
    return typeof name === "string" ? [name] : [];
  });
}
