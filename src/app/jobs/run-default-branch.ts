import type { AgentCatalog } from "../../core/agent/agent.ts";
import { resolveAgents } from "../../core/agent/resolve-agents.ts";
import type { Config } from "../../core/config/config.ts";
import { combineConfigs } from "../../core/config/parse-config.ts";
import type { FixtureFile } from "../../core/fixture/fixture.ts";
import { planAll } from "../../core/suite/plan-all.ts";
import type { SuitePlan } from "../../core/suite/suite.ts";
import { standingChange } from "../../core/verdict/branch-standing.ts";
import { type EarlierSide, earlierSideOf, isBelieved } from "../../core/verdict/earlier-side.ts";
import type { FixtureVerdict } from "../../core/verdict/verdict.ts";
import type { BranchResult } from "../../ports/branch-results.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Turn } from "../../ports/job-queue.ts";
import type { Logger } from "../log.ts";
import { awaitPushed } from "./await-shown.ts";
import { type ResultDigest, resultDigests } from "./branch-baseline.ts";
import { type DefaultBranch, readDefaultBranch } from "./default-branch.ts";
import type { JobDeps } from "./deps.ts";
import { gateOpenAgain } from "./gate-open-again.ts";
import { heedSignal } from "./heed-signal.ts";
import type { RunDefaultBranch } from "./job.ts";
import { noteStandings } from "./note-standings.ts";
import { readFixturesAt, readSnapshot } from "./read-commit.ts";
import { digestBranch } from "./read-pull-request.ts";
import { runPlanned } from "./run-planned.ts";
import { saveStandalone, takeUpStandalone } from "./standalone-run.ts";

/** What running the suite of a default branch needs. */
export interface DefaultBranchDeps extends JobDeps {
  readonly log: Pick<Logger, "info">;
}

/** The default branch at its tip, with what is known of its fixtures. */
interface BranchScene {
  readonly job: RunDefaultBranch;
  readonly repo: string;
  readonly github: GitHub;
  readonly signal: AbortSignal;
  readonly deps: DefaultBranchDeps;
}

/**
 * Push to the default branch in, approved baseline out: the suite runs once on the tip.
 *
 * Of several pushes the newest is run: a job reads the tip when it starts, and what it has run costs those that waited
 * nothing. One that runs comes to its end, or a busy branch would never have a baseline.
 */
export async function runDefaultBranchSuite(
  job: RunDefaultBranch,
  turn: Turn,
  given: DefaultBranchDeps,
): Promise<void> {
  const deps = { ...heedSignal(given, turn.signal), log: given.log };
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const repo = `${job.owner}/${job.repo}`;
  const scene = { job, repo, github, signal: turn.signal, deps };
  const branch = await readDefaultBranch(github.repository, repo, deps);
  awaitPushed(branch.tip, job.before, turn.origin, deps.now());
  if (branch.judging.kind === "absent") return;
  const occasion = { repo, kind: "default_branch", subject: branch.tip.branch } as const;
  const known = await deps.standaloneRuns.fetchRun(occasion);
  const judges = digestBranch(branch.tree, deps.digest);
  const { installationId } = job;
  const asking = { occasion, installationId, headSha: branch.tip.sha, job, jobId: turn.origin.id };
  const run = await takeUpStandalone(asking, known, deps);
  if (judgesOf(known?.result) !== judges) await gateOpenAgain(job, github, deps);
  // What the tip is made of cannot be told while its configuration is broken: nothing new is known then.
  if (branch.config.kind === "parsed" && deps.models !== undefined)
    await runTip(branch, combineConfigs(branch.config.value, branch.config.value), scene);
  await saveStandalone({ ...run, state: "completed", result: { judges, sha: branch.tip.sha } }, deps);
}

async function runTip({ tip, tree }: DefaultBranch, config: Config, scene: BranchScene): Promise<void> {
  const { repo, github, signal, deps } = scene;
  const snapshot = await readSnapshot(github.repository, tree, [config]);
  const candidate = resolveAgents(config, snapshot);
  const digestOf = resultDigests(config, deps.digest);
  const results = await deps.branchResults.searchResults(repo);
  const held = new Set((await deps.heldFixtures.searchHeld(repo)).map(({ fixtureId }) => fixtureId));
  const plan = planAll(await readFixturesAt(github.repository, tree));
  const suite = withoutKnown(plan, { candidate, digestOf, results, now: deps.now() });
  const { findings } = await runPlanned({
    config,
    suite,
    candidateAgents: candidate.agents,
    baselineAgents: undefined,
    held,
    models: deps.models,
    now: deps.elapsedMs,
    signal,
    isCurrent: async () => true,
    onProgress: async () => undefined,
  });
  const known = { sha: tip.sha, candidate, digestOf, results, held };
  await keep(decidedOf(findings.verdicts, deps.now()), known, scene);
}

/** What is young enough and was run on the very same agent and fixture is not paid for again. */
function withoutKnown(
  plan: SuitePlan,
  known: {
    readonly candidate: AgentCatalog;
    readonly digestOf: ResultDigest;
    readonly results: readonly BranchResult[];
    readonly now: Date;
  },
): SuitePlan {
  const { candidate, digestOf, results, now } = known;
  const young = new Map(
    results.filter((result) => isBelieved(result, now)).map(({ fixtureId, digest }) => [fixtureId, digest]),
  );
  const isKnown = ({ fixture }: FixtureFile): boolean => {
    const digest = young.get(fixture.id);
    return digest !== undefined && digest === digestOf(candidate.agents, fixture);
  };
  return { ...plan, selected: plan.selected.filter(({ file }) => !isKnown(file)) };
}

interface Decided {
  readonly file: FixtureFile;
  readonly result: EarlierSide;
}

/** What a provider's outage or the end of the money left open says nothing of the branch. */
function decidedOf(verdicts: readonly FixtureVerdict[], at: Date): readonly Decided[] {
  return verdicts.flatMap(({ file, candidate }) => {
    const result = earlierSideOf(candidate, at);
    return result === undefined ? [] : [{ file, result }];
  });
}

async function keep(
  decided: readonly Decided[],
  known: {
    readonly sha: string;
    readonly candidate: AgentCatalog;
    readonly digestOf: ResultDigest;
    readonly results: readonly BranchResult[];
    readonly held: ReadonlySet<string>;
  },
  { repo, deps }: BranchScene,
): Promise<void> {
  const { sha, candidate, digestOf, held } = known;
  const before = new Map(known.results.map((result) => [result.fixtureId, result]));
  const changes = decided.flatMap(({ file, result }) => {
    const { id } = file.fixture;
    const standing = { outcome: before.get(id)?.outcome, held: held.has(id) };
    return standingChange(file, result, standing) ?? [];
  });
  await deps.branchResults.saveResults(
    repo,
    decided.map(({ file: { fixture }, result }) => ({
      ...result,
      fixtureId: fixture.id,
      // Behind an endpoint anything may have changed: such a result is told, and is no baseline.
      digest: digestOf(candidate.agents, fixture) ?? "",
      sha,
      issue: fixture.issue,
      firstPassedAt:
        before.get(fixture.id)?.firstPassedAt ?? (result.outcome === "passed" ? result.at : undefined),
    })),
  );
  const passed = decided.filter(({ result }) => result.outcome === "passed");
  await deps.heldFixtures.saveHeld(
    repo,
    passed.map(({ file, result }) => ({ fixtureId: file.fixture.id, sha, at: result.at })),
  );
  await noteStandings(changes, sha, deps.log);
}

function judgesOf(result: unknown): unknown {
  return typeof result === "object" && result !== null && "judges" in result ? result.judges : undefined;
}
