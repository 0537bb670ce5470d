import { canonicalJson, type JsonObject } from "../../json.ts";
import { assertNever } from "../../problem.ts";
import { conversationItems } from "./conversation-items.ts";
import { eventsOfMessage, roleOf, unwrapped } from "./message-events.ts";
import type { PlacedRun } from "./order-runs.ts";
import type { Times, TraceEvent } from "./trace-event.ts";

type Said = Extract<TraceEvent, { readonly kind: "said" }>;

/** What is known of the conversation while the runs of a trace are read. */
interface Telling {
  /** How often each message was told so far. */
  readonly counts: Map<string, number>;
  /** What the user said first, as models were given it: a conversation that begins otherwise is one between agents. */
  first: string | undefined;
  /** What was asked is told by the run around all others. */
  readonly isAskedOutside: boolean;
}

/**
 * Tells ordered runs as events. Each request to a model repeats the conversation so far, so only what is new in it counts;
 * what agents say to one another is not what the user said.
 */
export function eventsOfRuns(runs: readonly PlacedRun[]): readonly TraceEvent[] {
  const groups = runs.filter(({ kind }) => kind === "group");
  const asked = groups
    .map(({ input }) => saidIn(conversationItems(input, "user")))
    .find((said) => said.some(({ role }) => role === "user"));
  const telling: Telling = { counts: new Map(), first: undefined, isAskedOutside: asked !== undefined };
  const events = withoutInner(runs).flatMap((run) => eventsOfRun(run, telling));
  const answer = outermostAnswer(groups);
  const withoutAnswer = events.filter((event) => event.kind !== "said" || event.text !== answer?.text);
  return [...(asked ?? []), ...withoutAnswer, ...(answer === undefined ? [] : [answer])];
}

/** The last answer of the runs that stand around all others and tell one. */
function outermostAnswer(groups: readonly PlacedRun[]): Said | undefined {
  const answers = groups.flatMap(({ ancestors, output }) => {
    const said = saidIn(conversationItems(output, "assistant")).findLast(({ role }) => role === "assistant");
    return said === undefined ? [] : [{ said, depth: ancestors.length }];
  });
  const least = Math.min(...answers.map(({ depth }) => depth));
  return answers.findLast(({ depth }) => depth === least)?.said;
}

function saidIn(items: readonly JsonObject[]): readonly Said[] {
  return items.flatMap(eventsOfMessage).filter((event) => event.kind === "said");
}

/** A call through a protocol is told by whoever calls and, inside that, by whoever serves: together they are one. */
function withoutInner(runs: readonly PlacedRun[]): readonly PlacedRun[] {
  const inner = new Map<string, PlacedRun>();
  const outer = runs.filter((run) => {
    const around = run.ancestors.findLast(({ kind, name }) => kind === "tool" && name === run.name);
    if (run.kind !== "tool" || around?.id === undefined) return true;
    inner.set(around.id, run);
    return false;
  });
  return outer.map((run) => {
    const served = run.id === undefined ? undefined : inner.get(run.id);
    if (served === undefined) return run;
    const isTold = run.answer.result !== undefined || run.answer.error !== undefined;
    return {
      ...run,
      given: run.given ?? served.given,
      answer: isTold ? run.answer : served.answer,
      callId: run.callId ?? served.callId,
    };
  });
}

function eventsOfRun(run: PlacedRun, telling: Telling): readonly TraceEvent[] {
  const { kind, name, given, answer, callId } = run;
  switch (kind) {
    case "group":
      return [];
    case "retrieval":
      return [{ kind: "retrieved", name, given, answer, ...timesOf(run) }];
    case "tool":
      return [{ kind: "ran", name, given, id: callId, answer, ...timesOf(run) }];
    case "model":
      return modelEvents(run, telling);
    default:
      return assertNever(kind);
  }
}

function modelEvents(run: PlacedRun, telling: Telling): readonly TraceEvent[] {
  const before = conversationItems(run.input, "user");
  const after = conversationItems(run.output, "assistant");
  const opening = before.map(userText).find((text) => text !== undefined);
  telling.first ??= opening;
  const isAmongAgents = opening !== undefined && opening !== telling.first;
  const isHeard = (event: TraceEvent): boolean =>
    event.kind !== "said" || (!isAmongAgents && (event.role === "assistant" || !telling.isAskedOutside));
  const given = freshItems(before, telling).flatMap(eventsOfMessage);
  const told = after.flatMap(eventsOfMessage);
  for (const item of after) raise(keyOf(item), telling);
  const { name, usage, answer } = run;
  const request: TraceEvent = { kind: "requested", name, usage, error: answer.error, ...timesOf(run) };
  return [...given.filter(isHeard), request, ...told.filter(isHeard)];
}

/** Messages of a request that were not told before, as often as they are new. */
function freshItems(items: readonly JsonObject[], telling: Telling): readonly JsonObject[] {
  const here = new Map<string, number>();
  return items.filter((item) => {
    const key = keyOf(item);
    const times = (here.get(key) ?? 0) + 1;
    here.set(key, times);
    if (times <= (telling.counts.get(key) ?? 0)) return false;
    raise(key, telling);
    return true;
  });
}

function raise(key: string, { counts }: Telling): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** What a message tells, whatever else its dialect says of it. */
function keyOf(item: JsonObject): string {
  const told = eventsOfMessage(item).filter(({ kind }) => kind !== "stopped");
  return canonicalJson(JSON.parse(JSON.stringify(told)));
}

function userText(item: JsonObject): string | undefined {
  return roleOf(unwrapped(item)) === "user" ? saidIn([item])[0]?.text : undefined;
}

function timesOf({ startMs, endMs }: PlacedRun): Times {
  if (startMs === undefined) return {};
  return { startMs, durationMs: endMs === undefined ? undefined : Math.max(0, endMs - startMs) };
}
