import { z } from "zod";

// Loose on purpose: GitHub adds fields at any time, and only what is used here must be right.

const person = z.looseObject({ login: z.string(), type: z.string().optional() });

const common = {
  installation: z.looseObject({ id: z.int().positive() }),
  repository: z.looseObject({
    id: z.int().positive().optional(),
    name: z.string(),
    owner: z.looseObject({ login: z.string() }),
  }),
  sender: person,
};

/** What every event of a repository says. */
export const repositoryEvent = z.looseObject({
  ...common,
  repository: common.repository.extend({
    default_branch: z.string().nullish(),
    html_url: z.string().nullish(),
  }),
});

/** GitHub always says it; some emulators do not. */
const updatedAt = z.iso.datetime({ offset: true }).nullish();

/** An issue that was opened, labelled or edited. */
export const issuesPayload = z.looseObject({
  ...common,
  issue: z.looseObject({
    number: z.int().positive(),
    labels: z.array(z.unknown()).nullish(),
    updated_at: updatedAt,
  }),
});

/** A comment on an issue or a pull request. */
export const issueCommentPayload = z.looseObject({
  ...common,
  issue: z.looseObject({
    number: z.int().positive(),
    /** Present where the issue is a pull request. */
    pull_request: z.unknown().optional(),
  }),
  comment: z.looseObject({
    id: z.int().positive(),
    body: z.string().nullish(),
    user: person.nullish(),
    created_at: updatedAt,
  }),
});

/** A pull request that changed. */
export const pullRequestPayload = z.looseObject({
  ...common,
  // The number at the top of the payload is missing in some emulators.
  pull_request: z.looseObject({
    number: z.int().positive(),
    updated_at: updatedAt,
    merged: z.boolean().nullish(),
    head: z
      .looseObject({ ref: z.string().optional(), repo: z.looseObject({ id: z.int() }).nullish() })
      .nullish(),
  }),
  changes: z.looseObject({ base: z.unknown().optional() }).optional(),
});

/** A review that was submitted or dismissed. */
export const pullRequestReviewPayload = z.looseObject({
  ...common,
  action: z.string(),
  review: z.looseObject({ id: z.int().positive(), state: z.string() }),
  pull_request: z.looseObject({ number: z.int().positive(), updated_at: updatedAt }),
});

const repositoryRef = z.looseObject({ repo: z.looseObject({ id: z.int() }).nullish() }).nullish();
/** Pull requests with the commit as their head: also those into other repositories of the network. */
const pullRequestRefs = z.array(z.looseObject({ number: z.int().positive(), base: repositoryRef })).nullish();
export type PullRequestRefs = z.output<typeof pullRequestRefs>;
const ownerApp = z.looseObject({ id: z.int() }).nullish();

/** A check run that somebody wants again, or whose button somebody pressed. */
export const checkRunPayload = z.looseObject({
  ...common,
  check_run: z.looseObject({
    name: z.string(),
    head_sha: z.string(),
    app: ownerApp,
    pull_requests: pullRequestRefs,
  }),
  requested_action: z.looseObject({ identifier: z.string() }).optional(),
});

/** All the check runs of a commit that somebody wants again. */
export const checkSuitePayload = z.looseObject({
  ...common,
  check_suite: z.looseObject({ head_sha: z.string(), app: ownerApp, pull_requests: pullRequestRefs }),
});

const account = z.looseObject({ login: z.string() }).nullish();

/** A repository that got another name or another owner. */
export const repositoryPayload = z.looseObject({
  ...common,
  repository: common.repository.extend({ id: z.int().positive() }),
  changes: z.looseObject({
    repository: z.looseObject({ name: z.looseObject({ from: z.string() }) }).optional(),
    owner: z.looseObject({ from: z.looseObject({ user: account, organization: account }) }).optional(),
  }),
});

/** An installation that may give us what it did not give before. */
export const installationPayload = z.looseObject({
  action: z.string().optional(),
  installation: common.installation,
  repositories_added: z.array(z.looseObject({ id: z.int().positive() })).nullish(),
});

/** Reads a payload; the error of one that does not fit names the places and shows no content. */
export function readPayload<T>(schema: z.ZodType<T>, payload: unknown, event: string): T {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const places = result.error.issues.map((issue) => issue.path.join("."));
  throw new Error(`reading the payload of ${event}: expected other values at ${places.join(", ")}`);
}
