import type { Problem } from "../problem.ts";
import { normaliseLineEnds, stripHiddenCharacters } from "../text/hidden-characters.ts";
import { checkedText, unfence, unquote } from "./field-text.ts";
import { findTrace, parseTrace } from "./parse-trace.ts";
import { FIELDS, type FieldId, type Postmortem, type ReportedCall } from "./postmortem.ts";
import { expectedInProse, requestInProse, severityInProse, turnsInProse } from "./prose-fields.ts";
import { readCalls } from "./read-calls.ts";
import { readContext } from "./read-context.ts";
import { readStatements, readToolNames, unwrap } from "./read-list.ts";
import { type Message, readMessages } from "./read-messages.ts";
import { readSeverity } from "./read-severity.ts";
import { readEvaluationGap, readFailures, readRootCauses, readSignal } from "./read-taxonomy.ts";
import { type Sections, splitSections } from "./sections.ts";
import type { Severity } from "./taxonomy.ts";
import type { ObservedTrace } from "./trace-steps.ts";

const LINE_LENGTH_MAX = 200;
const TITLE_LENGTH_MAX = 256;
const CALLS_MAX = 200;
const GOT_LENGTH_MAX = 80;

/** An issue as GitHub gives it; where there is no body it is the empty text. */
export interface IncidentIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
}

/** A postmortem, and every value in it that we did not understand. */
export interface ReadPostmortem {
  readonly postmortem: Postmortem;
  readonly problems: readonly Problem[];
}

/** Reads an incident's body into a postmortem; what was not said stays undefined or empty, and nothing is guessed. */
export function parsePostmortem(issue: IncidentIssue): ReadPostmortem {
  const sections = splitSections(issue.body);
  const read = reader(sections);
  const severity = readSeverityField(read);
  const signal = readSignal(read("signal"));
  const failures = readFailures(read("failure_types"));
  const causes = readRootCauses(read("root_causes"));
  const gap = readEvaluationGap(read("evaluation_gap"));
  const told = toldIn(sections);
  const trace = parseTrace(read("trace")) ?? findTrace(told);
  const sent = readSent(read("user_input"), trace, told);
  const title = cleanLine(issue.title, TITLE_LENGTH_MAX);

  const postmortem: Postmortem = {
    title,
    issue: issue.number,
    author: issue.author,
    incident: optional(firstLine(read("incident"))) ?? /\bINC-\d[\w-]{1,60}/i.exec(title)?.[0],
    date: optional(firstLine(read("date"))),
    severity: severity.value ?? (read("severity") === "" ? severityInProse([title, ...told]) : undefined),
    signal: signal.found[0],
    agent: optional(firstLine(read("agent"))),
    commit: optional(firstLine(read("commit"))),
    messages: sent.messages,
    observed: optional(unquote(unfence(read("observed")))) ?? sent.answer,
    expected:
      optional(unquote(unfence(read("expected")))) ?? (saysWishes(read) ? undefined : expectedInProse(told)),
    must: readStatements(read("must")),
    mustNot: readStatements(read("must_not")),
    calls: mergeCalls(readCalls(read("tools_called")), trace?.calls ?? []),
    toolsRequired: readToolNames(read("tools_required")),
    toolsForbidden: readToolNames(read("tools_forbidden")),
    ...readContext(read("context")),
    trace: trace?.trajectory,
    failureTypes: failures.types,
    failureTags: failures.tags,
    rootCauses: causes.found,
    evaluationGap: gap.found[0],
    owner: optional(firstLine(read("owner"))),
    fix: optional(firstLine(read("fix"))),
    fields: sections.fields,
    rest: sections.rest,
  };
  return {
    postmortem,
    problems: [
      ...sections.problems,
      ...severity.problems,
      ...signal.problems,
      ...failures.problems,
      ...gap.problems,
      ...(trace?.problems ?? []),
    ],
  };
}

type ReadField = (field: FieldId) => string;

function reader({ fields }: Sections): ReadField {
  return (field) => fields[field]?.text ?? "";
}

/** What tells of the run without being about what should have been. */
function toldIn({ fields, rest }: Sections): readonly string[] {
  const told = [
    fields.what_happened?.text,
    fields.observed?.text,
    fields.why_happened?.text,
    rest,
    // Under a plain "Log:" the report goes on.
    fields.trace?.text,
  ];
  return [...new Set(told.filter((text) => text !== undefined))];
}

/** Tells whether a field says what the agent should have done or left. */
function saysWishes(read: ReadField): boolean {
  return (["expected", "must", "must_not", "tools_required", "tools_forbidden"] as const).some(
    (field) => read(field) !== "",
  );
}

/** The label of a field as the form prints it. */
function labelOf(field: FieldId): string {
  return FIELDS.find(({ id }) => id === field)?.label ?? field;
}

function readSeverityField(read: ReadField): {
  readonly value: Severity | undefined;
  readonly problems: readonly Problem[];
} {
  const written = read("severity");
  // Some forms call their severity dropdown "Impact".
  const impact = firstLine(read("affected_users"));
  if (written === "")
    return {
      value: /^(?:critical|high|medium|low)\b/i.test(impact) ? readSeverity(impact) : undefined,
      problems: [],
    };
  const value = readSeverity(unwrap(unfence(checkedText(written))));
  if (value !== undefined) return { value, problems: [] };
  const expected =
    "S1, S2, S3 or S4 (critical, high, medium, low, SEV-1 to SEV-4 and P0 to P3 are understood)";
  return { value, problems: [{ at: labelOf("severity"), expected, got: written.slice(0, GOT_LENGTH_MAX) }] };
}

/** What the user sent; answers at the end of it are what the agent did. */
function readSent(
  written: string,
  trace: ObservedTrace | undefined,
  prose: readonly string[],
): { readonly messages: readonly Message[]; readonly answer: string | undefined } {
  const traced = trace?.messages ?? [];
  const told = written === "" || quotesLast(written, traced) ? traced : readMessages(written);
  const spoken = told.length === 0 ? turnsInProse(prose) : told;
  if (spoken.length === 0) {
    const request = requestInProse(prose);
    if (request !== undefined) return { messages: [{ role: "user", content: request }], answer: undefined };
  }
  const lastAsked = spoken.findLastIndex(({ role }) => role === "user");
  const answers = spoken.slice(lastAsked + 1).map(({ content }) => content);
  const answer = answers.join("\n\n") || trace?.trajectory.output;
  return { messages: spoken.slice(0, lastAsked + 1), answer: optional(answer ?? "") };
}

/** Tells whether a line only repeats, in marks and with a remark, what the trace holds as the user's words. */
function quotesLast(written: string, traced: readonly Message[]): boolean {
  const last = traced.findLast(({ role }) => role === "user")?.content.trim() ?? "";
  const isLine = last !== "" && !written.trim().includes("\n");
  return isLine && [`\`${last}\``, `"${last}"`, `“${last}”`].some((quote) => written.includes(quote));
}

/** Calls as noted, each with what the trace knows better, and then those that only the trace holds. */
function mergeCalls(
  noted: readonly ReportedCall[],
  traced: readonly ReportedCall[],
): readonly ReportedCall[] {
  const left = [...traced];
  const merged = noted.map((call) => {
    const at = left.findIndex(({ tool }) => tool === call.tool);
    const [known] = at === -1 ? [] : left.splice(at, 1);
    if (known === undefined) return call;
    const error = call.error ?? known.error;
    return {
      tool: call.tool,
      arguments: call.arguments ?? known.arguments,
      result: call.result ?? known.result,
      ...(error === undefined ? {} : { error }),
    };
  });
  return [...merged, ...left].slice(0, CALLS_MAX);
}

function firstLine(text: string): string {
  const line = unquote(unfence(text))
    .split("\n")
    .find((candidate) => candidate.trim() !== "");
  return cleanLine(unwrap((line ?? "").replace(/^\s*[-*+]\s+/, "").trim()), LINE_LENGTH_MAX);
}

function cleanLine(text: string, lengthMax: number): string {
  return stripHiddenCharacters(normaliseLineEnds(text))
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, lengthMax)
    .toWellFormed();
}

function optional(text: string): string | undefined {
  return text.trim() === "" ? undefined : text;
}
