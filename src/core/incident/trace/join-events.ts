import { jsonEquals } from "../../json.ts";
import { assertNever } from "../../problem.ts";
import type { Message } from "../read-messages.ts";
import type { TraceStep, TraceSteps } from "../trace-steps.ts";
import type { Answer, TraceEvent } from "./trace-event.ts";

const EVENTS_MAX = 20_000;
const MESSAGES_MAX = 100;
/** How far back a call is looked for that is told once more. */
const LOOK_BACK_MAX = 500;

interface Entry {
  step: TraceStep;
  /** The model asked for it. */
  isCalled: boolean;
  /** Whoever ran it tells of it. */
  isRun: boolean;
  isAnswered: boolean;
}

type Told<K extends TraceEvent["kind"]> = Extract<TraceEvent, { readonly kind: K }>;

/** Brings the events of a trace to steps: each answer to its call, and what is told twice, by the model that asked and by the tool that ran, once. */
export function joinEvents(events: readonly TraceEvent[]): TraceSteps {
  const entries: Entry[] = [];
  const messages: Message[] = [];
  const answers: Told<"answered">[] = [];
  let stopReason: string | undefined;
  for (const event of events.slice(0, EVENTS_MAX)) {
    const isUnnamed = event.kind === "answered" && event.id === undefined && event.name === undefined;
    if (isUnnamed) answers.push(event);
    else giveInOrder(entries, answers.splice(0));
    if (isUnnamed) continue;
    switch (event.kind) {
      case "said":
        if (messages.length < MESSAGES_MAX) messages.push({ role: event.role, content: event.text });
        break;
      case "stopped":
        stopReason = event.reason;
        break;
      case "called":
        addCall(entries, event);
        break;
      case "ran":
        addRun(entries, event);
        break;
      case "answered":
        addAnswer(entries, event);
        break;
      case "requested":
      case "retrieved":
        entries.push(plainEntry(event));
        break;
      default:
        assertNever(event);
    }
  }
  giveInOrder(entries, answers);
  return {
    steps: entries.map(({ step }) => step),
    messages,
    output: messages.findLast(({ role }) => role === "assistant")?.content ?? "",
    ...(stopReason === undefined ? {} : { stopReason }),
  };
}

function plainEntry(event: Told<"requested"> | Told<"retrieved">): Entry {
  const { startMs, durationMs, name } = event;
  const step: TraceStep =
    event.kind === "requested"
      ? { kind: "model", name, error: event.error, startMs, durationMs, usage: event.usage }
      : { kind: "retrieval", name, ...event.answer, startMs, durationMs };
  return { step, isCalled: true, isRun: true, isAnswered: true };
}

function addCall(entries: Entry[], { name, given, id }: Told<"called">): void {
  const ran = recent(entries).find(
    (entry) => entry.isRun && !entry.isCalled && isSame(entry.step, name, id, given),
  );
  if (ran !== undefined) {
    ran.isCalled = true;
    ran.step = { ...ran.step, arguments: ran.step.arguments ?? given, callId: ran.step.callId ?? id };
    return;
  }
  const step: TraceStep = { kind: "tool", name, arguments: given, callId: id };
  entries.push({ step, isCalled: true, isRun: false, isAnswered: false });
}

function addRun(entries: Entry[], event: Told<"ran">): void {
  const { name, given, id, answer, startMs, durationMs } = event;
  const near = recent(entries);
  const again =
    id === undefined
      ? undefined
      : near.find(({ isRun, step }) => isRun && step.callId === id && isSame(step, name, id, given));
  const known = again ?? near.find((entry) => !entry.isRun && isSame(entry.step, name, id, given));
  if (known !== undefined) {
    known.step = filled({ ...known.step, arguments: known.step.arguments ?? given }, answer);
    if (known.step.startMs === undefined) known.step = { ...known.step, startMs, durationMs };
    known.isRun = true;
    known.isAnswered ||= isTold(answer);
    return;
  }
  const step: TraceStep = {
    kind: "tool",
    name,
    arguments: given,
    callId: id,
    ...answer,
    startMs,
    durationMs,
  };
  entries.push({ step, isCalled: false, isRun: true, isAnswered: isTold(answer) });
}

function addAnswer(entries: Entry[], { id, name, answer }: Told<"answered">): void {
  const near = recent(entries);
  const open =
    id === undefined
      ? near.find(({ isAnswered, step }) => !isAnswered && step.kind === "tool" && step.name === name)
      : near.find(({ isAnswered, step }) => !isAnswered && step.callId === id);
  if (open !== undefined) {
    open.step = filled(open.step, answer);
    open.isAnswered = true;
    return;
  }
  const isKnown = id !== undefined && near.some(({ step }) => step.callId === id);
  if (isKnown || name === undefined) return;
  // The call itself was cut off or not written down.
  const step: TraceStep = { kind: "tool", name, arguments: undefined, callId: id, ...answer };
  entries.push({ step, isCalled: true, isRun: false, isAnswered: true });
}

/** Answers that name no call belong, in their order, to the calls right before them; of fewer answers than calls, to the last. */
function giveInOrder(entries: readonly Entry[], answers: readonly Told<"answered">[]): void {
  if (answers.length === 0) return;
  const open: Entry[] = [];
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry === undefined || entry.isAnswered || open.length >= answers.length) break;
    open.unshift(entry);
  }
  for (const [index, entry] of open.entries()) {
    const given = answers[index];
    if (given === undefined) continue;
    entry.step = filled(entry.step, given.answer);
    entry.isAnswered = true;
  }
}

function recent(entries: readonly Entry[]): readonly Entry[] {
  return entries.length <= LOOK_BACK_MAX ? entries : entries.slice(-LOOK_BACK_MAX);
}

/** Two tellings of one call have the same id; without ids they agree in what both say. */
function isSame(
  step: TraceStep,
  name: string,
  id: string | undefined,
  given: TraceStep["arguments"],
): boolean {
  if (step.kind !== "tool" || step.name !== name) return false;
  const isCompatible =
    given === undefined || step.arguments === undefined || jsonEquals(step.arguments, given);
  return isCompatible && (id === undefined || step.callId === undefined || step.callId === id);
}

function filled(step: TraceStep, answer: Answer): TraceStep {
  if (!isTold(answer) || step.result !== undefined || step.error !== undefined) return step;
  return { ...step, ...answer };
}

function isTold(answer: Answer): boolean {
  return answer.result !== undefined || answer.error !== undefined;
}
