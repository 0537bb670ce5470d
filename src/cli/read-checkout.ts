import { WORKING_TREE } from "../adapters/checkout/checkout-repository.ts";
import { readConfig, readFixturesAt, readSnapshot } from "../app/jobs/read-commit.ts";
import type { AgentCatalog } from "../core/agent/agent.ts";
import { resolveAgents } from "../core/agent/resolve-agents.ts";
import { CONFIG_PATH, type Config } from "../core/config/config.ts";
import { parseForm } from "../core/incident/parse-form.ts";
import type { Problem } from "../core/problem.ts";
import type { ReadFixtures } from "../core/suite/read-fixtures.ts";
import { readableEntries } from "../core/suite/readable.ts";
import { nearestWord } from "../core/text/nearest-word.ts";
import type { KeptContents } from "../ports/kept-contents.ts";
import type { Repository } from "../ports/repository.ts";
import { inFile } from "./problems.ts";

/** The files of a checkout as they lie there, read whole. */
export interface Checkout {
  readonly kind: "read";
  readonly config: Config;
  readonly catalog: AgentCatalog;
  readonly fixtures: ReadFixtures;
}

/** Something that has to be mended before a command can go on. */
export interface Unusable {
  readonly kind: "unusable";
  readonly problems: readonly Problem[];
}

/** There is no configuration, said with the way to one. */
export const NO_CONFIGURATION: Problem = {
  at: CONFIG_PATH,
  expected: "a configuration (`incident-to-eval init` writes one)",
  got: "no such file",
};

/** Reads configuration, agents and fixtures of the working tree; what fixtures said before is known to `kept`. */
export async function readCheckout(
  repository: Repository,
  kept?: KeptContents,
): Promise<Checkout | Unusable> {
  const tree = await repository.fetchTree(WORKING_TREE);
  const [config, fixtures] = await Promise.all([
    readConfig(repository, tree),
    readFixturesAt(repository, tree, kept),
  ]);
  if (config.kind === "absent") return { kind: "unusable", problems: [NO_CONFIGURATION] };
  if (config.kind === "unusable") {
    const problems = [...config.problems.map(inFile(CONFIG_PATH)), ...fixtureProblems(fixtures)];
    return { kind: "unusable", problems };
  }
  const snapshot = await readSnapshot(repository, tree, [config.value]);
  return { kind: "read", config: config.value, catalog: resolveAgents(config.value, snapshot), fixtures };
}

/** Everything that is wrong with a checkout: agents that cannot be built, fixtures that cannot be used. */
export function problemsOf({ config, catalog, fixtures }: Checkout): readonly Problem[] {
  const names = Object.keys(config.agents);
  const orphans = fixtures.files
    .filter(({ fixture }) => !names.includes(fixture.agent))
    .map(({ path, fixture, lines }) => {
      const near = nearestWord(fixture.agent, names);
      const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
      const problem = { at: `${path}: agent`, expected: names.join(" or "), got: fixture.agent + hint };
      const line = lines.get("agent");
      return line === undefined ? problem : { ...problem, line };
    });
  return [
    ...[...catalog.problems].flatMap(([name, problems]) => agentProblems(name, problems)),
    ...fixtureProblems(fixtures),
    ...orphans,
  ];
}

/** Everything that is wrong with the issue forms for incidents: those with the label, and ours whatever they say. */
export async function formProblems(repository: Repository, label: string): Promise<readonly Problem[]> {
  const tree = await repository.fetchTree(WORKING_TREE);
  const paths = [...tree.entries.keys()].filter((path) => FORM_PLACE.test(path));
  const entries = readableEntries(tree, paths);
  const texts = await repository.fetchTexts(entries);
  return entries.flatMap(({ path, sha }) => {
    const text = texts.get(sha);
    if (text === undefined || !(OUR_FORM.test(path) || text.includes(label))) return [];
    const read = parseForm(text, label);
    return read.kind === "parsed" ? [] : read.problems.map(inFile(path));
  });
}

const FORM_PLACE = /^\.github\/ISSUE_TEMPLATE\/(?!config\.ya?ml$)[^/]+\.ya?ml$/i;
const OUR_FORM = /\/llm-incident[^/]*$/;

/** Says of which agent a problem is. */
export function agentProblems(name: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, at: `agent ${name}: ${problem.at}` }));
}

/** Everything that is wrong with fixture files, each with its file. */
export function fixtureProblems({ broken }: Pick<ReadFixtures, "broken">): readonly Problem[] {
  return broken.flatMap(({ path, problems }) => problems.map(inFile(path)));
}
