import type { CheckRun } from "../../core/report/check-run.ts";
import type { GateObstacle, GateReport } from "../../core/report/gate-report.ts";
import { renderJson } from "../../core/report/render-json.ts";
import {
  answerRelease,
  approveOverridden,
  type Release,
  type ReleaseAnswer,
  rejectUnevaluated,
  rejectUnknown,
  renderReleaseCheck,
  renderReleaseDelay,
  renderReleaseProgress,
} from "../../core/report/render-release.ts";
import type { ReleaseOverrideDecision } from "../../ports/decisions.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Turn } from "../../ports/job-queue.ts";
import type { Occasion, StandaloneRun } from "../../ports/standalone-runs.ts";
import { bestEffort } from "./best-effort.ts";
import type { JobDeps } from "./deps.ts";
import { evaluateCommits } from "./evaluate-commits.ts";
import { heedSignal } from "./heed-signal.ts";
import type { GateRelease } from "./job.ts";
import { keepPage } from "./keep-page.ts";
import { readRelease } from "./read-release.ts";
import { decideStandalone, publishStandalone, saveStandalone, takeUpStandalone } from "./standalone-run.ts";

/** Minutes after which a release is tried again that the model provider left undecided; GitHub lets it wait for 30 days. */
const OUTAGE_RETRY_MINUTES = [5, 15, 60] as const;
const MINUTE_MS = 60_000;
/** GitHub takes ten reports on a release; one is left for whoever died between sending and noting one. */
const REPORTS_MAX = 9;
/** How often a run of the suite says how far it is. */
const PROGRESS_STEPS = 3;

/** A release whose gate is at work, and the outside. */
interface ReleaseScene {
  readonly job: GateRelease;
  readonly jobId: string;
  readonly github: GitHub;
  readonly signal: AbortSignal;
  readonly deps: JobDeps;
}

/** What a release is to be told, or that it is not decided before a later time. */
type ReleaseDecision =
  | {
      readonly kind: "decided";
      readonly answer: ReleaseAnswer;
      readonly check?: CheckRun | undefined;
      readonly result: unknown;
    }
  | { readonly kind: "later"; readonly minutes: number };

/** Release in, one of two words out: the whole suite on the candidate against what is deployed. */
export async function runGateRelease(job: GateRelease, turn: Turn, given: JobDeps): Promise<void> {
  const deps = heedSignal(given, turn.signal);
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const scene = { job, jobId: turn.origin.id, github, signal: turn.signal, deps };
  const run = await takeUp(scene);
  if (run === undefined) return;
  if (run.answer !== undefined) return await tell(run, scene);
  const decision = await decide(run, scene);
  if (decision.kind === "later") return await comeBack(decision.minutes, scene);
  await conclude(run, decision, scene);
}

/** Rejects a release whose evaluation was given up: a deployment must not wait for what does not come. */
export async function clearUpGateRelease(
  job: GateRelease,
  obstacle: GateObstacle,
  { origin: { id: jobId }, signal }: Pick<Turn, "origin" | "signal">,
  deps: JobDeps,
): Promise<void> {
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const scene = { job, jobId, github, signal, deps };
  const run = await takeUp(scene);
  if (run === undefined) return;
  if (run.answer !== undefined) return await tell(run, scene);
  const overridden = await overrideOf(scene);
  const answer = overridden ?? rejectUnevaluated(obstacle, releaseOf(job, undefined));
  await conclude(run, { kind: "decided", answer, result: { obstacle } }, scene);
}

/** Takes up the run of this request; undefined where it was answered, or there is nothing to come back to. */
async function takeUp({ job, jobId, deps }: ReleaseScene): Promise<StandaloneRun | undefined> {
  const occasion = occasionOf(job);
  const known = await deps.standaloneRuns.fetchRun(occasion);
  // A workflow's run that is started again asks anew, and all others only go on with what is open.
  if (known?.state !== "running" && (job.cause.kind !== "requested" || known?.jobId === jobId))
    return undefined;
  const { installationId } = job;
  return await takeUpStandalone(
    { occasion, installationId, headSha: job.sha ?? "", job, jobId },
    known,
    deps,
  );
}

async function decide(run: StandaloneRun, scene: ReleaseScene): Promise<ReleaseDecision> {
  const { job } = scene;
  if (job.sha === undefined) {
    const answer = rejectUnknown(
      "GitHub did not say which commit is to be released.",
      "whoever deploys: run the deployment's job again",
      job.environment,
    );
    return { kind: "decided", answer, result: null };
  }
  const overridden = await overrideOf(scene);
  if (overridden !== undefined) return { kind: "decided", answer: overridden, result: { overridden: true } };
  const decision = await evaluate(run, { ...job, sha: job.sha }, scene);
  // It may have been let through while the suite ran.
  const late =
    decision.kind === "later" || decision.answer.state === "rejected" ? await overrideOf(scene) : undefined;
  return late === undefined ? decision : { kind: "decided", answer: late, result: { overridden: true } };
}

async function evaluate(
  run: StandaloneRun,
  job: GateRelease & { readonly sha: string },
  scene: ReleaseScene,
): Promise<ReleaseDecision> {
  const { github, signal, deps } = scene;
  const { repo } = run;
  const read = await readRelease(github, repo, job, deps);
  if (read.kind !== "configured") {
    return { kind: "decided", answer: unreadable(read.kind, job), result: { obstacle: read.kind } };
  }
  const release = releaseOf(job, read.deployed);
  const report = reporter(release, scene);
  await report(0, 0);
  const evaluation = await evaluateCommits({
    repo,
    head: { sha: job.sha, branch: job.ref ?? job.environment },
    commits: read.commits,
    manner: { kind: "release", hasBaseline: read.deployed !== undefined },
    repository: github.repository,
    // What goes out is tried anew, whatever was seen of the commit before.
    reusesTrials: false,
    signal,
    // Nothing overtakes a release: whoever deploys another commit asks for that one.
    supersededBy: async () => undefined,
    onProgress: report,
    deps,
  });
  if (evaluation.kind === "superseded") throw new Error("a release was overtaken, and nothing can");
  if (evaluation.kind === "obstacle") {
    const { obstacle } = evaluation;
    return { kind: "decided", answer: rejectUnevaluated(obstacle, release), result: { obstacle } };
  }
  const minutes = evaluation.outage ? waitOf(job, evaluation.report) : undefined;
  if (minutes !== undefined) {
    await say(renderReleaseDelay(release, minutes), scene);
    return { kind: "later", minutes };
  }
  const paged = await keepPage(evaluation.report, evaluation.report, deps);
  return {
    kind: "decided",
    answer: answerRelease(paged, release),
    check: renderReleaseCheck(paged, release, run.id),
    result: renderJson(evaluation.report),
  };
}

/** Says how long to wait for a provider that left all undecided that stands in the way; undefined where waiting cannot help. */
function waitOf({ cause }: GateRelease, { verdicts }: GateReport): number | undefined {
  const inTheWay = verdicts.filter(({ weight }) => weight.effect === "blocks");
  if (inTheWay.length === 0 || inTheWay.some(({ verdict }) => verdict !== "undecided")) return undefined;
  return OUTAGE_RETRY_MINUTES[cause.kind === "outage" ? cause.retry : 0];
}

function unreadable(
  kind: "not_configured" | "unknown_commit",
  { environment, sha }: GateRelease,
): ReleaseAnswer {
  return kind === "not_configured"
    ? rejectUnknown(
        "The default branch has no `.github/incident-to-eval.yml`, so nothing says what would have to hold.",
        "whoever maintains the default branch: add one, or take this rule off the environment",
        environment,
      )
    : rejectUnknown(
        `GitHub shows no commit \`${(sha ?? "").slice(0, 7)}\` in this repository.`,
        "whoever deploys: deploy a commit of this repository",
        environment,
      );
}

/** Has the provider asked again later; who looks at the release was told. */
async function comeBack(minutes: number, { job, deps }: ReleaseScene): Promise<void> {
  const retry = job.cause.kind === "outage" ? job.cause.retry : 0;
  await deps.queue.enqueue(
    { ...job, cause: { kind: "outage", retry: retry + 1 } },
    new Date(deps.now().getTime() + minutes * MINUTE_MS),
  );
}

async function conclude(
  run: StandaloneRun,
  { answer, check, result }: Extract<ReleaseDecision, { kind: "decided" }>,
  scene: ReleaseScene,
): Promise<void> {
  const decided = { answer: { kind: "release", ...answer, check } as const, result };
  await tell(await decideStandalone(run, decided, scene.deps), scene);
}

/** Tells GitHub the answer, and closes the run; may be repeated. */
async function tell(run: StandaloneRun, { job, github, deps }: ReleaseScene): Promise<void> {
  const { answer } = run;
  if (answer?.kind !== "release") throw new Error("a release has an answer of another kind");
  const { runId, environment } = job;
  const said = await github.releases.answerRelease({ runId, environment }, answer);
  const { check } = answer;
  // The answer counts; its report is only read.
  const shown =
    check === undefined
      ? run
      : ((await bestEffort(() => publishStandalone(run, [check], github.checks, deps))) ?? run);
  await saveStandalone({ ...shown, state: "completed", result: { said, report: run.result } }, deps);
}

/** Makes what says how far a release is, so seldom that GitHub takes all of it. */
function reporter(release: Release, scene: ReleaseScene): (done: number, total: number) => Promise<void> {
  let said = -1;
  return async (done, total) => {
    const step = total === 0 ? 0 : Math.floor((done / total) * PROGRESS_STEPS);
    if (step <= said || (total > 0 && done === total)) return;
    said = step;
    await say(renderReleaseProgress(release, { done, total }), scene);
  };
}

/** Says something about a release that decides nothing: what GitHub does not take is not worth failing for. */
async function say(comment: string, { job, github, deps }: ReleaseScene): Promise<void> {
  const run = await deps.standaloneRuns.fetchRun(occasionOf(job));
  if (run === undefined || run.reports >= REPORTS_MAX) return;
  await saveStandalone({ ...run, reports: run.reports + 1 }, deps);
  const { runId, environment } = job;
  await bestEffort(() => github.releases.reportProgress({ runId, environment }, comment));
}

/** Answers a release that somebody let through: its very commit, for as long as they said. */
async function overrideOf({ job, deps }: ReleaseScene): Promise<ReleaseAnswer | undefined> {
  if (job.sha === undefined) return undefined;
  const { repo } = occasionOf(job);
  const overrides = await deps.decisions.searchOverrides(repo, job.sha);
  const override = overrides.find(
    (one): one is ReleaseOverrideDecision => one.kind === "release_override" && one.expiresAt > deps.now(),
  );
  return override === undefined ? undefined : approveOverridden(override, releaseOf(job, undefined));
}

function occasionOf({ owner, repo, runId, environment }: GateRelease): Occasion {
  return { repo: `${owner}/${repo}`, kind: "release", subject: `${runId} ${environment}` };
}

function releaseOf({ environment, sha = "", url }: GateRelease, deployed: string | undefined): Release {
  return { environment, sha, deployed, url };
}
