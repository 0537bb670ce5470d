import type { Guarded } from "../../core/guard/consent.ts";
import type { Review } from "../../core/guard/review.ts";
import { agreedReport, decideChecks, type GateFindings } from "../../core/report/decide-checks.ts";
import { noteBrokenJudging } from "../../core/report/note-broken-judging.ts";
import { renderJson } from "../../core/report/render-json.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { JobOrigin } from "../../ports/job-queue.ts";
import type { GateRun } from "../../ports/records.ts";
import { READS_LAG_MS_MAX } from "./await-shown.ts";
import { readDefaultBranch } from "./default-branch.ts";
import { type GuardScene, hearReviews } from "./guard-pull-request.ts";
import type { GateCause } from "./job.ts";

type Reviewed = Extract<GateCause, { kind: "reviewed" }>;

const ASK_AGAIN_MS = 3_000;

/** What came of hearing a review. */
export type HeardReview =
  /** The head was not judged yet: judging it hears the reviews too. */
  | { readonly kind: "not_judged" }
  /** It changes nothing of what the checks say. */
  | { readonly kind: "unchanged" }
  /** The checks say something else now, in a run of their own that is decided and has to be told. */
  | { readonly kind: "decided"; readonly run: GateRun };

/** Decides the checks of a head anew from what was found before, with the reviews as they stand; nothing is run. */
export async function hearReview(
  cause: Reviewed,
  origin: JobOrigin,
  scene: GuardScene,
): Promise<HeardReview> {
  const { repo, pullRequest, github, deps } = scene;
  const own = (await deps.gateRuns.searchByHead(repo, pullRequest.head.sha)).filter(
    (run) => run.pullRequest === pullRequest.number,
  );
  const [newest] = own;
  if (newest?.checks === undefined || newest.state === "cancelled") return { kind: "not_judged" };
  const findings = await findingsOf(newest, own, scene);
  if (findings === undefined) return { kind: "unchanged" };

  const reviews = await github.pullRequests.fetchReviews(pullRequest.number);
  awaitReview(reviews, cause, origin, deps.now());
  const { judging, config } = await readDefaultBranch(github.repository, repo, deps);
  const trusted = judging.kind === "parsed" ? judging.value : undefined;
  const weakened = findings.guarded.map((one) => one.weakened);
  const guarded = await hearReviews(weakened, { run: newest, reviews, trusted }, scene);
  if (newest.state === "completed" && isSame(guarded, findings.guarded)) return { kind: "unchanged" };

  const heard = { ...findings, guarded };
  const run = await beginRun(newest, origin, scene);
  const problems = config.kind === "unusable" ? config.problems : [];
  const checks = noteBrokenJudging(
    decideChecks(heard, { headSha: run.headSha, externalId: run.id }),
    problems,
    trusted === undefined ? "head" : "last_usable",
  );
  await deps.findings.saveFindings(run.id, heard);
  const decided = { ...run, checks, result: resultOf(heard), updatedAt: deps.now() };
  await deps.gateRuns.saveRun(decided);
  return { kind: "decided", run: decided };
}

/** What the newest run was decided from: its own, or those of the run that it only shows again. */
async function findingsOf(
  newest: GateRun,
  own: readonly GateRun[],
  { deps }: GuardScene,
): Promise<GateFindings | undefined> {
  for (const run of own) {
    if (run.judgedBy !== newest.judgedBy || run.baseSha !== newest.baseSha) return undefined;
    const found = await deps.findings.fetchFindings(run.id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A run of its own, whose check runs stand beside those that were red; one that nobody brought to its end is taken up. */
async function beginRun(newest: GateRun, { id }: JobOrigin, { deps }: GuardScene): Promise<GateRun> {
  if (newest.state === "running") return newest;
  const at = deps.now();
  const begun: GateRun = {
    ...newest,
    id: deps.newId(),
    state: "running",
    jobId: id,
    checkRunIds: {},
    createdAt: at,
    updatedAt: at,
  };
  await deps.gateRuns.saveRun(begun);
  return begun;
}

/** Gives what a run came to as plain JSON. */
export function resultOf({ outcome, guarded }: GateFindings): unknown {
  if (outcome.kind === "obstacle") return { obstacle: outcome.obstacle };
  return renderJson(agreedReport(outcome.report, outcome.gate, guarded));
}

function isSame(one: readonly Guarded[], other: readonly Guarded[]): boolean {
  const consents = (guarded: readonly Guarded[]): string =>
    JSON.stringify(guarded.map(({ consent }) => consent));
  return consents(one) === consents(other);
}

/** Throws, so that the job is tried again soon, while GitHub does not list the review as its event told it. */
function awaitReview(
  reviews: readonly Review[],
  { review, dismissed }: Reviewed,
  { queuedAt }: JobOrigin,
  now: Date,
): void {
  if (now.getTime() - queuedAt.getTime() >= READS_LAG_MS_MAX) return;
  const shown = reviews.find(({ id }) => id === review);
  if (shown !== undefined && (!dismissed || shown.state === "dismissed")) return;
  throw new ExternalFailure(`GitHub does not show the review ${review} as the event told it yet`, {
    system: "github",
    retryable: true,
    retryAfterMs: ASK_AGAIN_MS,
  });
}
