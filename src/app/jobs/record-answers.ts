import type { RealToolAnswer } from "../../core/agent/tool-contract.ts";
import type { AllowedValue } from "../../core/config/config.ts";
import type { Fixture } from "../../core/fixture/fixture.ts";
import { type NewRecording, withRecording } from "../../core/fixture/record/add-recordings.ts";
import { type CallSetting, mayCall } from "../../core/fixture/record/may-call.ts";
import {
  placeholderValues,
  restored,
  textsIn,
  withTexts,
} from "../../core/fixture/record/placeholder-values.ts";
import { canonicalJson, isJsonObject, type JsonValue, jsonObject } from "../../core/json.ts";
import type { Gap, Trajectory } from "../../core/trajectory/trajectory.ts";
import type { Redactor } from "../../ports/redactor.ts";
import type { ToolRunner } from "../../ports/tool-runner.ts";

const CALLS_MAX = 100;

/** All that recording is given. */
export interface RecordingSession {
  readonly fixture: Fixture;
  readonly spans: CallSetting["spans"];
  readonly allowed: CallSetting["allowed"];
  /** Runs the agent on the fixture once. */
  readonly runAgent: (fixture: Fixture) => Promise<Trajectory>;
  readonly tools: ToolRunner;
  readonly redactor: Redactor;
  readonly allowedValues: readonly AllowedValue[];
  readonly signal: AbortSignal;
  readonly onCall?: (tool: string) => void;
}

/** What was recorded, and which calls have no answer still. */
export interface Recorded {
  readonly added: readonly NewRecording[];
  readonly open: readonly { readonly tool: string; readonly because: string }[];
  /** How many texts of answers were changed before anything was written. */
  readonly redacted: number;
  readonly trajectory: Trajectory;
}

/**
 * Runs the agent until every call has an answer: a call without one goes to the team's real tool, its answer is redacted,
 * and only then recorded and given to the agent. So the agent never sees what the file will not hold; a tool that is
 * called with a placeholder gets the value behind it.
 */
export async function recordAnswers(session: RecordingSession): Promise<Recorded> {
  const { runAgent, signal } = session;
  const memory: Memory = { texts: [JSON.stringify(session.fixture)], values: new Map(), redacted: 0 };
  const added: NewRecording[] = [];
  let fixture = session.fixture;
  for (;;) {
    signal.throwIfAborted();
    const trajectory = await runAgent(fixture);
    const open: { tool: string; because: string }[] = [];
    const before = added.length;
    for (const gap of once(trajectory.gaps)) {
      const answered = await answerGap(gap, session, memory, added.length);
      if (answered.kind === "open") {
        open.push({ tool: gap.tool, because: answered.because });
        continue;
      }
      added.push(answered.recording);
      fixture = withRecording(fixture, answered.recording);
    }
    if (added.length === before) return { added, open, redacted: memory.redacted, trajectory };
  }
}

interface Memory {
  /** All that was seen so far, so that the same value gets the same placeholder. */
  readonly texts: string[];
  readonly values: Map<string, string>;
  redacted: number;
}

type Answered =
  | { readonly kind: "recorded"; readonly recording: NewRecording }
  | { readonly kind: "open"; readonly because: string };

async function answerGap(
  gap: Gap,
  session: RecordingSession,
  memory: Memory,
  calls: number,
): Promise<Answered> {
  const { fixture, tools, signal } = session;
  const rule = mayCall(gap.tool, session);
  if (rule.kind === "may_not") return { kind: "open", because: rule.because };
  if (calls >= CALLS_MAX)
    return { kind: "open", because: `${CALLS_MAX} calls were recorded, and no more are` };
  const hidden = await hiddenIn(gap, session, memory);
  if (hidden !== undefined) return { kind: "open", because: hidden };
  session.onCall?.(gap.tool);
  const real = restored(gap.arguments, memory.values);
  const call = { version: 1 as const, tool: gap.tool, agent: fixture.agent, fixture: fixture.id };
  const answer = await tools.call({ ...call, arguments: isJsonObject(real) ? real : {} }, signal);
  const kept = await redactAnswer(answer, session, memory);
  const isWithout = Object.keys(gap.arguments).length === 0;
  const recording = jsonObject.parse({
    ...(isWithout ? { when_exactly: {} } : { when: gap.arguments }),
    ...(rule.sideEffect === undefined ? {} : { side_effect: rule.sideEffect }),
    ...kept,
  });
  return { kind: "recorded", recording: { tool: gap.tool, recording } };
}

/** Arguments are written too, and a placeholder in them would match no call: so they may hold nothing that is not in the fixture. */
async function hiddenIn(
  gap: Gap,
  { redactor, allowedValues, fixture }: RecordingSession,
  memory: Memory,
): Promise<string | undefined> {
  const texts = textsIn(gap.arguments);
  const redacted = await redactor.redact([...memory.texts, ...texts], allowedValues);
  const after = redacted.texts.slice(memory.texts.length);
  const written = JSON.stringify(fixture);
  const isNew = texts.some(
    (text, index) => text !== after[index] && !written.includes(JSON.stringify(text).slice(1, -1)),
  );
  return isNew
    ? "its arguments hold a secret or personal data that the fixture does not, so the call cannot be written down: record it by hand"
    : undefined;
}

/** Names of members give away what a value is, so the answer is looked at as a whole and text by text. */
async function redactAnswer(
  answer: RealToolAnswer,
  { redactor, allowedValues }: RecordingSession,
  memory: Memory,
) {
  const value = jsonObject.parse(JSON.parse(JSON.stringify(answer)));
  const [[kind = "return", said = null] = []] = Object.entries(value);
  const texts = textsIn(said);
  const all = [...memory.texts, JSON.stringify(said), ...texts];
  const redacted = await redactor.redact(all, allowedValues);
  const after = redacted.texts.slice(all.length - texts.length);
  const changed = new Map(texts.map((text, index) => [text, after[index] ?? text]));
  for (const [text, other] of changed) {
    if (text !== other) memory.redacted += 1;
    for (const [name, behind] of placeholderValues(text, other)) memory.values.set(name, behind);
  }
  memory.texts.push(JSON.stringify(said), ...texts);
  const kept: JsonValue = withTexts(said, (text) => changed.get(text) ?? text);
  return { [kind]: kept };
}

function once(gaps: readonly Gap[]): readonly Gap[] {
  const byCall = new Map(gaps.map((gap) => [canonicalJson([gap.tool, gap.arguments]), gap]));
  return [...byCall.values()];
}
