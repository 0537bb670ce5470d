import { z } from "zod";
import { assertNever } from "../../core/problem.ts";
import type { JobPolicy } from "../../ports/job-queue.ts";

/** The longest first line of a comment that a job carries; longer commands are cut. */
export const COMMAND_LENGTH_MAX = 500;

/** Repositories that one event may name; beyond, the App is given them in several. */
export const REPOSITORIES_MAX = 1_000;

const repositoryFields = {
  installationId: z.int().positive(),
  owner: z.string().min(1).max(100),
  repo: z.string().min(1).max(100),
  /** GitHub's number of the repository, which a rename or a transfer does not change. */
  repositoryId: z.int().positive().optional(),
  /** The delivery that asked for it, for those who read the log. */
  delivery: z.string().max(200).optional(),
};

const actor = z.string().min(1).max(100);

const headSha = z.string().min(1).max(64);

/** When the issue or the pull request was updated last, as the event told it; jobs of earlier versions lack it. */
const updatedAt = z.iso.datetime({ offset: true }).optional();

const command = z.object({
  kind: z.literal("command"),
  commentId: z.int().positive(),
  actor,
  line: z.string().max(COMMAND_LENGTH_MAX),
  /** When it was written, as GitHub says; jobs of earlier versions lack it. */
  writtenAt: z.iso.datetime({ offset: true }).optional(),
});

/** Why an incident is looked at. */
const draftCause = z.discriminatedUnion("kind", [
  z.object({
    kind: z.enum([
      "opened",
      "labeled",
      "edited",
      "reopened",
      /** It was found without an answer. */
      "reconcile",
    ]),
    updatedAt,
  }),
  command,
]);
export type DraftCause = z.output<typeof draftCause>;

const gateEvent = z.object({
  kind: z.enum([
    "opened",
    "synchronize",
    "reopened",
    "ready_for_review",
    "retargeted",
    "closed",
    /** It was found without a completed run. */
    "reconcile",
  ]),
  updatedAt,
});

/** Why a pull request is gated. */
const gateCause = z.discriminatedUnion("kind", [
  gateEvent,
  z.object({ kind: z.literal("rerun"), actor, headSha }),
  /** Somebody approved, asked for changes, or had a review of theirs dismissed. */
  z.object({
    kind: z.literal("reviewed"),
    review: z.int().positive(),
    dismissed: z.boolean(),
    updatedAt,
  }),
  /** A provider left fixtures of this head undecided; `retry` counts how often that was tried again. */
  z.object({ kind: z.literal("outage"), retry: z.int().positive(), headSha }),
  /** An override of this head has come to its end. */
  z.object({ kind: z.literal("lapsed"), headSha, at: z.iso.datetime() }),
  z.object({
    kind: z.literal("action"),
    actor,
    action: z.string().min(1).max(20),
    headSha,
  }),
  command,
]);
export type GateCause = z.output<typeof gateCause>;

const draftFixtures = z.object({
  kind: z.literal("draft-fixtures"),
  ...repositoryFields,
  issue: z.int().positive(),
  /** Who opened, labelled, edited or commented: their rights decide. */
  actor,
  cause: draftCause,
});
const gatePullRequest = z.object({
  kind: z.literal("gate-pull-request"),
  ...repositoryFields,
  pullRequest: z.int().positive(),
  cause: gateCause,
});
const reconcile = z.object({ kind: z.literal("reconcile") });
const sweepDeliveries = z.object({ kind: z.literal("sweep-deliveries") });
const sweepInstallations = z.object({
  kind: z.literal("sweep-installations"),
  /** The one that is swept; all of them where none is named. */
  installationId: z.int().positive().optional(),
});
const sweepRepository = z.object({
  kind: z.literal("sweep-repository"),
  ...repositoryFields,
  repositoryId: z.int().positive(),
});
/** A commit or a ref as an event named it. */
const ref = z.string().min(1).max(500);

const gateMergeGroup = z.object({
  kind: z.literal("gate-merge-group"),
  ...repositoryFields,
  headSha,
  headRef: ref,
  baseSha: headSha,
  baseRef: ref,
});
const endMergeGroup = z.object({ kind: z.literal("end-merge-group"), ...repositoryFields, headSha });
/** Why a release is looked at. */
const releaseCause = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("requested") }),
  /** Somebody let it through, or it was found without an answer. */
  z.object({ kind: z.enum(["overridden", "reconcile"]) }),
  z.object({ kind: z.literal("outage"), retry: z.int().positive() }),
]);
const gateRelease = z.object({
  kind: z.literal("gate-release"),
  ...repositoryFields,
  /** The run of a workflow that waits for our word. */
  runId: z.int().positive(),
  environment: z.string().min(1).max(255),
  /** GitHub's number of the deployment that waits. */
  deploymentId: z.int().positive().optional(),
  sha: headSha.optional(),
  ref: ref.optional(),
  /** Where people see the repository. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  cause: releaseCause,
});
const runDefaultBranch = z.object({
  kind: z.literal("run-default-branch"),
  ...repositoryFields,
  /** The tip before the push: a read that still shows it lags behind. */
  before: headSha.optional(),
});
const moveRepository = z.object({
  kind: z.literal("move-repository"),
  ...repositoryFields,
  repositoryId: z.int().positive(),
  /** The name that it had, in the form `owner/name`. */
  formerName: z.string().min(3).max(201),
});

const offerSetups = z.object({
  kind: z.literal("offer-setups"),
  installationId: z.int().positive(),
  /** Those that were added; all of the installation where none are named. */
  repositoryIds: z.array(z.int().positive()).max(REPOSITORIES_MAX).optional(),
});
const proposeSetup = z.object({
  kind: z.literal("propose-setup"),
  ...repositoryFields,
  /** The App was given the repository, or somebody closed or reopened the pull request. */
  occasion: z.enum(["given", "decided"]),
});

/** Everything that the app does later, as the queue keeps it. */
export const jobSchema = z.discriminatedUnion("kind", [
  draftFixtures,
  gatePullRequest,
  reconcile,
  sweepDeliveries,
  sweepInstallations,
  sweepRepository,
  moveRepository,
  gateMergeGroup,
  endMergeGroup,
  gateRelease,
  runDefaultBranch,
  offerSetups,
  proposeSetup,
]);
export type Job = z.output<typeof jobSchema>;
/** Kinds of jobs that earlier versions left in the queue: deliveries that wait are found in their own table. */
export const RETIRED_KINDS: readonly string[] = ["handle-delivery"];
export type JobKind = Job["kind"];
export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;
export type DraftFixtures = JobOf<"draft-fixtures">;
export type GatePullRequest = JobOf<"gate-pull-request">;
export type Reconcile = JobOf<"reconcile">;
export type SweepDeliveries = JobOf<"sweep-deliveries">;
export type SweepInstallations = JobOf<"sweep-installations">;
export type SweepRepository = JobOf<"sweep-repository">;
export type GateMergeGroup = JobOf<"gate-merge-group">;
export type EndMergeGroup = JobOf<"end-merge-group">;
export type GateRelease = JobOf<"gate-release">;
export type RunDefaultBranch = JobOf<"run-default-branch">;

export type OfferSetups = JobOf<"offer-setups">;
export type ProposeSetup = JobOf<"propose-setup">;

/** Names what a job works on; two jobs of one key never run at the same time. */
export function jobKey(job: Job): string {
  switch (job.kind) {
    case "draft-fixtures":
      return `draft:${repositoryKey(job)}#${job.issue}`;
    case "gate-pull-request":
      return `gate:${repositoryKey(job)}#${job.pullRequest}`;
    case "reconcile":
    case "sweep-deliveries":
      return job.kind;
    case "sweep-installations":
      return job.installationId === undefined ? job.kind : `${job.kind}:${job.installationId}`;
    case "sweep-repository":
    case "move-repository":
      return `${job.kind}:${job.repositoryId}`;
    case "gate-merge-group":
    case "end-merge-group":
      return `${job.kind}:${repositoryKey(job)}@${job.headSha}`;
    case "gate-release":
      return `release:${repositoryKey(job)}:${job.runId}:${job.environment}`;
    case "run-default-branch":
    case "propose-setup":
      return `${job.kind}:${repositoryKey(job)}`;
    case "offer-setups":
      return `${job.kind}:${job.installationId}`;
    default:
      return assertNever(job);
  }
}

/** A name can change while a job runs: it tells repositories apart only where the number is not known. */
function repositoryKey({
  repositoryId,
  owner,
  repo,
}: Pick<GatePullRequest, "repositoryId" | "owner" | "repo">): string {
  return repositoryId === undefined ? `${owner}/${repo}` : String(repositoryId);
}

/** When the cause of a job says that its issue or pull request was updated; undefined where it does not say. */
export function toldAt(cause: DraftCause | GateCause): Date | undefined {
  if (!("updatedAt" in cause) || cause.updatedAt === undefined) return undefined;
  return new Date(cause.updatedAt);
}

/** What people wait for, and nobody asks for again by himself. */
const FOR_PEOPLE: readonly JobKind[] = [
  "draft-fixtures",
  "gate-pull-request",
  "gate-merge-group",
  "gate-release",
  "offer-setups",
  "propose-setup",
];

/** Tells whether a job is asked for anew by itself when it was given up: nobody has to see to it. */
export function comesAgain({ kind }: Job): boolean {
  return !FOR_PEOPLE.includes(kind);
}

/**
 * Tells whether a waiting job does all that a new one of its key would do.
 *
 * A job reads the newest state when it starts, so most causes come to the same. Who asked decides
 * whether something is done at all, and a command wants its own answer: neither is lost in another job,
 * and what only happened never runs with the rights of somebody who asked. Another base is an event like others: the
 * job that waits reads the base as it is when it starts, and an answer for another base is none. GitHub's reads may
 * lag, so a job does for no event that is newer than what it was told of: it would take an older state for the newest.
 */
export function absorbs(waiting: Job, next: Job): boolean {
  switch (next.kind) {
    case "reconcile":
    case "sweep-deliveries":
    case "sweep-installations":
    case "sweep-repository":
    case "gate-merge-group":
    case "end-merge-group":
      return waiting.kind === next.kind;
    case "offer-setups":
      return waiting.kind === next.kind && waiting.repositoryIds === undefined;
    case "propose-setup":
      return waiting.kind === next.kind && waiting.occasion === next.occasion;
    case "run-default-branch":
      // Each waits for its own push to be shown; what one has run costs the next nothing.
      return waiting.kind === next.kind && waiting.before === next.before;
    case "gate-release":
      return (
        waiting.kind === next.kind &&
        waiting.deploymentId === next.deploymentId &&
        waiting.cause.kind === next.cause.kind
      );
    case "move-repository":
      return waiting.kind === next.kind && waiting.formerName === next.formerName;
    case "draft-fixtures":
      return (
        waiting.kind === next.kind &&
        waiting.actor === next.actor &&
        waiting.cause.kind !== "command" &&
        next.cause.kind !== "command" &&
        isToldOf(waiting.cause, next.cause)
      );
    case "gate-pull-request":
      return waiting.kind === next.kind && absorbsCause(waiting.cause, next.cause);
    default:
      return assertNever(next);
  }
}

function absorbsCause(waiting: GateCause, next: GateCause): boolean {
  // Each waits for its own review to be shown.
  if (waiting.kind === "reviewed" && next.kind === "reviewed")
    return waiting.review === next.review && waiting.dismissed === next.dismissed && isToldOf(waiting, next);
  if (waiting.kind === "outage" && next.kind === "outage") return waiting.headSha === next.headSha;
  return justHappened(waiting) && justHappened(next) && isToldOf(waiting, next);
}

function isToldOf(waiting: DraftCause | GateCause, next: DraftCause | GateCause): boolean {
  const needed = toldAt(next);
  if (needed === undefined) return true;
  const known = toldAt(waiting);
  return known !== undefined && known.getTime() >= needed.getTime();
}

/** Tells events from what somebody asked for. */
function justHappened(cause: GateCause): boolean {
  return gateEvent.safeParse(cause).success;
}

const MINUTE_SECONDS = 60;

/** What comes again by itself is not tried for long. */
const KEEPING_ORDER: JobPolicy = {
  concurrency: 1,
  attemptsMax: 3,
  retryDelaySeconds: 30,
  retryDelayMaxSeconds: 5 * MINUTE_SECONDS,
  timeLimitSeconds: 30 * MINUTE_SECONDS,
};

/** What decides on a merge or a release. */
const GATING: JobPolicy = {
  concurrency: 4,
  attemptsMax: 8,
  retryDelaySeconds: 5,
  retryDelayMaxSeconds: 15 * MINUTE_SECONDS,
  timeLimitSeconds: 120 * MINUTE_SECONDS,
};

/**
 * How each kind is run. Attempts times back-off covers an outage of about an hour; the time limits are
 * far above what the money and trial caps allow, and only end what hangs.
 */
export const JOB_POLICIES: Readonly<Record<JobKind, JobPolicy>> = {
  "draft-fixtures": {
    concurrency: 2,
    attemptsMax: 8,
    retryDelaySeconds: 5,
    retryDelayMaxSeconds: 15 * MINUTE_SECONDS,
    timeLimitSeconds: 60 * MINUTE_SECONDS,
  },
  "gate-pull-request": GATING,
  reconcile: KEEPING_ORDER,
  "sweep-deliveries": KEEPING_ORDER,
  "sweep-installations": KEEPING_ORDER,
  "sweep-repository": KEEPING_ORDER,
  "move-repository": { ...KEEPING_ORDER, attemptsMax: 8 },
  "offer-setups": { ...KEEPING_ORDER, attemptsMax: 8 },
  // One after the other, so that a large installation costs GitHub little at a time.
  "propose-setup": { ...KEEPING_ORDER, attemptsMax: 8 },
  "gate-merge-group": GATING,
  "end-merge-group": { ...GATING, concurrency: 2 },
  "gate-release": GATING,
  // Nobody waits for it, and the next push asks again.
  "run-default-branch": { ...GATING, concurrency: 2, attemptsMax: 4 },
};
