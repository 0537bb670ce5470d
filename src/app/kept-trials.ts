import type { AskJudge, JudgeAnswer } from "../core/grading/grader.ts";
import { type RunTrial, regradeTrial, runTrial, type TrialSetting } from "../core/trial/run-trial.ts";
import type { StoredTrial } from "../core/trial/stored-trial.ts";
import type { Trial } from "../core/trial/trial.ts";
import { createTrialKeys, type Digest } from "../core/trial/trial-key.ts";
import type { TrialStore } from "../ports/trial-store.ts";

/** Providers change models behind their names, so that what is older stands for nothing. */
const AGE_MAX_MS = 24 * 3_600_000;

/** What keeping trials is given. */
export interface KeptTrials {
  readonly store: TrialStore;
  readonly digest: Digest;
  readonly now: () => Date;
  /** What decides how agents answer beside their files and the case: version of the program, addresses of providers. */
  readonly scope: string;
  /** Names judge and version of its prompt. */
  readonly judge: string;
  /** Kept trials may stand for new ones; otherwise every trial runs, and is kept. */
  readonly reuses: boolean;
}

/**
 * Runs each trial once: one with the same agent, case, recordings and number is taken from the store and graded
 * anew. What was not decided, what is older than a day, and what asserts a latency is run again.
 */
export function reuseTrials(kept: KeptTrials): RunTrial {
  const { store, digest, scope, now, reuses } = kept;
  const keys = createTrialKeys(digest, scope);
  return async (setting, number) => {
    const key = keys.keyOf(setting, number);
    const found = reuses && keys.isRepeatable(setting) ? await store.find(key) : undefined;
    const fresh = found === undefined || isStale(found, now()) ? undefined : found;
    return await keepTrial(kept, setting, key, fresh);
  };
}

/** Grades what an agent did in earlier trials, whatever the agent is now, and runs none; `keyOf` names the trial of a number. */
export function regradeTrials(
  kept: KeptTrials,
  keyOf: (setting: TrialSetting, number: number) => string | undefined,
): RunTrial {
  return async (setting, number) => {
    const key = keyOf(setting, number);
    const found = key === undefined ? undefined : await kept.store.find(key);
    if (key !== undefined && found !== undefined) return await keepTrial(kept, setting, key, found);
    const because = `no trajectory of trial ${number} is kept: \`incident-to-eval run --filter ${setting.fixture.id}\` runs it`;
    return { status: "errored", because, retryable: false };
  };
}

function isStale({ at, status }: StoredTrial, now: Date): boolean {
  return status === "ungraded" || now.getTime() - Date.parse(at) > AGE_MAX_MS;
}

/** Comes to a trial by a found one or by running the agent, and keeps what is new of it. */
async function keepTrial(
  kept: KeptTrials,
  setting: TrialSetting,
  key: string,
  found: StoredTrial | undefined,
): Promise<Trial> {
  const judged: Record<string, JudgeAnswer> = { ...found?.judged };
  const asking = { ...setting, askJudge: rememberingJudge(kept, setting.askJudge, judged) };
  const trial = found === undefined ? await runTrial(asking) : await regradeTrial(asking, found.trajectory);
  if (trial.status === "errored") return trial;
  const { status, trajectory } = trial;
  const isNew = found === undefined || found.status !== status || isLarger(judged, found.judged);
  const at = found?.at ?? kept.now().toISOString();
  if (isNew) await kept.store.keep(key, { at, status, trajectory, judged });
  return { ...trial, kept: { key, reused: found !== undefined } };
}

/** Asks a judge once for each question about a trial; one that could not be asked has said nothing worth keeping. */
function rememberingJudge(
  { digest, judge }: KeptTrials,
  ask: AskJudge,
  judged: Record<string, JudgeAnswer>,
): AskJudge {
  return async (question, signal) => {
    const key = digest(`${judge}\0${JSON.stringify(question)}`);
    const before = judged[key];
    if (before !== undefined) return before;
    const answer = await ask(question, signal);
    if (answer.kind === "decided") judged[key] = answer;
    return answer;
  };
}

function isLarger(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(a).length > Object.keys(b).length;
}
