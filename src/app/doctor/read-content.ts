import { createHash } from "node:crypto";
import { readNamedModel } from "../../core/agent/named-model.ts";
import { neededProviders } from "../../core/agent/needed-providers.ts";
import { resolveAgents } from "../../core/agent/resolve-agents.ts";
import type { Config } from "../../core/config/config.ts";
import type { CalibrationFacts, ContentFacts } from "../../core/doctor/facts.ts";
import { judgeModels } from "../../core/grading/judge-version.ts";
import type { Problem } from "../../core/problem.ts";
import type { Tree } from "../../core/suite/snapshot.ts";
import type { Repository } from "../../ports/repository.ts";
import { readJudgeStanding } from "../jobs/judge-standing.ts";
import { readConfig, readFixturesAt, readSnapshot } from "../jobs/read-commit.ts";

const FORM = /^\.github\/ISSUE_TEMPLATE\/[^/]*incident[^/]*\.ya?ml$/i;

/** Reads what stands on the default branch: configuration, agents, fixtures and forms. */
export async function readContent(repository: Repository, judgeModel: string): Promise<ContentFacts> {
  const tip = await repository.fetchDefaultTip();
  const tree = await repository.fetchTree(tip.sha);
  const config = await readConfig(repository, tree);
  const common = {
    defaultBranch: tip.branch,
    gatedBases: config.kind === "parsed" ? config.value.gate.bases.filter((base) => base !== tip.branch) : [],
    hasForm: [...tree.entries.keys()].some((path) => FORM.test(path)),
  };
  if (config.kind === "absent") return { ...common, configuration: { kind: "absent" } };
  if (config.kind === "unusable")
    return { ...common, configuration: { kind: "unusable", problems: config.problems } };
  return { ...common, configuration: await readUsable(config.value, tree, repository, judgeModel) };
}

async function readUsable(
  config: Config,
  tree: Tree,
  repository: Repository,
  judgeModel: string,
): Promise<Extract<ContentFacts["configuration"], { kind: "usable" }>> {
  const { agents, problems } = resolveAgents(config, await readSnapshot(repository, tree, [config]));
  const { files, broken } = await readFixturesAt(repository, tree);
  const judged = files.filter(({ fixture }) => fixture.expect.judge !== undefined).length;
  const judge =
    judged === 0 ? [] : judgeModels(config.judge, judgeModel).map((name) => readNamedModel(name).provider);
  const providers = [...agents.keys()].flatMap((name) => [...neededProviders(agents, name)]);
  const named = (prefix: string, list: readonly Problem[]): readonly Problem[] =>
    list.map((problem) => ({ ...problem, at: `${prefix}: ${problem.at}` }));
  const orphans = files
    .filter(({ fixture }) => !Object.hasOwn(config.agents, fixture.agent))
    .map(({ path, fixture }) => ({
      at: `${path}: agent`,
      expected: Object.keys(config.agents).join(" or "),
      got: fixture.agent,
    }));
  return {
    kind: "usable",
    owner: config.owner,
    agents: Object.keys(config.agents).length,
    fixtures: files.length,
    blocking: files.filter(({ fixture }) => fixture.level === "blocking").length,
    judged,
    problems: [
      ...[...problems].flatMap(([name, list]) => named(`agent ${name}`, list)),
      ...broken.flatMap(({ path, problems: list }) => named(path, list)),
      ...orphans,
    ],
    providers: [...new Set([...providers, ...judge])],
    calibration: await calibrationOf(config, tree, repository, judgeModel),
  };
}

async function calibrationOf(
  { judge }: Config,
  tree: Tree,
  repository: Repository,
  judgeModel: string,
): Promise<CalibrationFacts> {
  const standing = await readJudgeStanding({ judge, judgeModel, tree }, repository, digest);
  if (standing.kind === "calibrated") return standing;
  return standing.kind === "none" ? { kind: "none" } : { kind: "not_enough", says: standing.because };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
