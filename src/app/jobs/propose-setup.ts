import { resolveAgents } from "../../core/agent/resolve-agents.ts";
import { CONFIG_PATH } from "../../core/config/config.ts";
import { type PastChange, proposeSetup } from "../../core/report/setup-proposal.ts";
import { candidatePaths, findCandidates } from "../../core/setup/candidate-files.ts";
import { guessAgents } from "../../core/setup/guess-agents.ts";
import { type GuessedConfig, ownerOf, writeGuess } from "../../core/setup/write-config.ts";
import { readableEntries } from "../../core/suite/readable.ts";
import type { Tree } from "../../core/suite/snapshot.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Installations } from "../../ports/installations.ts";
import type { PastWork } from "../../ports/past-work.ts";
import type { ProposalResult } from "../../ports/proposals.ts";
import type { Tip } from "../../ports/repository.ts";
import type { SetupRecord, SetupState, Setups } from "../../ports/setups.ts";
import { bestEffort } from "./best-effort.ts";
import type { JobDeps } from "./deps.ts";
import type { ProposeSetup } from "./job.ts";
import { readSnapshot } from "./read-commit.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const PAST_SHOWN_MAX = 5;

/** What proposing setups needs. */
export interface ProposeSetupDeps extends Pick<JobDeps, "connect" | "queue" | "now"> {
  readonly installations: Installations;
  readonly setup: {
    readonly records: Setups;
    /** Pull requests that an installation is proposed in a day; 0 switches them off. */
    readonly perDay: number;
    readonly connectPast: (installationId: number, owner: string, repo: string) => Promise<PastWork>;
    /** The incident forms, as they are added. */
    readonly fetchForms: () => Promise<readonly { readonly path: string; readonly content: string }[]>;
  };
}

/** Repository in, the one pull request that sets it up out; or what became of that one. */
export async function runProposeSetup(job: ProposeSetup, deps: ProposeSetupDeps): Promise<void> {
  const { setup, now, queue } = deps;
  const repo = `${job.owner}/${job.repo}`;
  const known = await setup.records.fetchSetup(repo);
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  if (job.occasion === "decided") return await noteDecision(known, github, setup.records);
  if (known !== undefined || setup.perDay === 0) return;

  const save = (state: SetupState, pullRequest?: number): Promise<void> =>
    setup.records.saveSetup({
      repo,
      installationId: job.installationId,
      state,
      pullRequest,
      proposedAt: pullRequest === undefined ? undefined : now(),
    });
  const past = await setup.connectPast(job.installationId, job.owner, job.repo);
  const found = await look(past, github);
  if (found.kind !== "guessed") return await save(found.kind);
  const proposedLately = await setup.records.countProposed(
    job.installationId,
    new Date(now().getTime() - DAY_MS),
  );
  if (proposedLately >= setup.perDay) {
    await queue.enqueue(job, new Date(now().getTime() + DAY_MS));
    return;
  }
  const result = await propose(found, past, github, deps);
  await save(stateAfter(result), result.pullRequest);
}

type Found =
  | { readonly kind: "configured" | "nothing_found" }
  | { readonly kind: "guessed"; readonly tip: Tip; readonly tree: Tree; readonly guess: GuessedConfig };

/** Only files are read, and only where some look like a prompt. */
async function look(past: PastWork, { repository }: GitHub): Promise<Found> {
  const { isFork, isArchived, isEmpty } = await past.fetchNature();
  if (isFork || isArchived || isEmpty) return { kind: "nothing_found" };
  const tip = await defaultTip(repository);
  if (tip === undefined) return { kind: "nothing_found" };
  const tree = await repository.fetchTree(tip.sha);
  if (tree.entries.has(CONFIG_PATH)) return { kind: "configured" };
  const candidates = findCandidates(tree);
  if (candidates === undefined) return { kind: "nothing_found" };
  const texts = await readTexts(repository, tree, candidatePaths(candidates));
  const owner = ownerOf(candidates.codeOwners === undefined ? undefined : texts.get(candidates.codeOwners));
  return { kind: "guessed", tip, tree, guess: writeGuess(guessAgents(candidates, texts), owner) };
}

async function readTexts(
  repository: GitHub["repository"],
  tree: Tree,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const entries = readableEntries(tree, paths);
  const texts = await repository.fetchTexts(entries);
  return new Map(entries.map(({ path, sha }) => [path, texts.get(sha) ?? ""]));
}

/** A repository without a commit has no tip. */
async function defaultTip(repository: GitHub["repository"]): Promise<Tip | undefined> {
  try {
    return await repository.fetchDefaultTip();
  } catch (cause) {
    const isMissing = cause instanceof ExternalFailure && [404, 409].includes(cause.status ?? 0);
    if (isMissing) return undefined;
    throw cause;
  }
}

async function propose(
  { tip, tree, guess }: Extract<Found, { kind: "guessed" }>,
  past: PastWork,
  { repository, proposals }: GitHub,
  { setup }: ProposeSetupDeps,
): Promise<ProposalResult> {
  const forms = (await setup.fetchForms()).filter(({ path }) => !tree.entries.has(path));
  const { problems } = resolveAgents(guess.config, await readSnapshot(repository, tree, [guess.config]));
  const proposal = proposeSetup({
    base: { branch: tip.branch, sha: tip.sha },
    config: guess.config,
    files: [{ path: CONFIG_PATH, content: guess.text }, ...forms],
    paths: [...tree.entries.keys()],
    agentProblems: problems,
    // The preview can do without them.
    past: (await bestEffort(() => past.fetchMerged(PAST_SHOWN_MAX))) ?? NO_PAST,
  });
  return await proposals.openProposal(proposal, undefined);
}

const NO_PAST: readonly PastChange[] = [];

function stateAfter({ kind }: ProposalResult): SetupState {
  if (kind === "rejected") return "declined";
  return kind === "merged" ? "configured" : "proposed";
}

/** Somebody closed, merged or reopened it: what holds is how it stands now. */
async function noteDecision(known: SetupRecord | undefined, github: GitHub, records: Setups): Promise<void> {
  if (known?.pullRequest === undefined) return;
  const pullRequest = await github.pullRequests.fetchPullRequest(known.pullRequest);
  const isOpen = pullRequest?.state === "open";
  const state = isOpen
    ? "proposed"
    : (await github.openWork.hasFile(CONFIG_PATH))
      ? "configured"
      : "declined";
  await records.saveSetup({ ...known, state });
}
