import { CONFIG_PATH, type Config } from "../config/config.ts";
import { type Problem, problemText } from "../problem.ts";
import { type TouchedPlace, touchedPlaces } from "../setup/touched-places.ts";
import { inlineCode, inlineText, table } from "../text/markdown.ts";
import { plural } from "./amounts.ts";
import { CHECK_NAMES } from "./check-run.ts";
import type { Proposal } from "./proposal.ts";

/** The branch of the one pull request that sets a repository up. */
export const SETUP_BRANCH = "incident-to-eval/setup";
const FILES_SHOWN_MAX = 40;
const PROBLEMS_SHOWN_MAX = 10;

/** A pull request that was merged, by the files that it changed. */
export interface PastChange {
  readonly number: number;
  readonly paths: readonly string[];
  /** False where it changed more files than were looked at. */
  readonly isWhole: boolean;
}

/** What a setup is proposed from. */
export interface SetupFacts {
  readonly base: Proposal["base"];
  readonly config: Config;
  readonly files: Proposal["files"];
  /** Every file of the default branch. */
  readonly paths: readonly string[];
  /** Agents that cannot be read as they were guessed. */
  readonly agentProblems: ReadonlyMap<string, readonly Problem[]>;
  /** What was merged last, newest first. */
  readonly past: readonly PastChange[];
}

/** Plans the pull request that sets a repository up, with a preview of what would happen. */
export function proposeSetup(facts: SetupFacts): Proposal {
  return {
    branch: SETUP_BRANCH,
    base: facts.base,
    title: "Set up incident-to-eval",
    body: renderSetup(facts),
    commitMessage: `Set up incident-to-eval\n\n${facts.files.map(({ path }) => `- ${path}`).join("\n")}`,
    files: facts.files,
    reviewers: [],
  };
}

function renderSetup(facts: SetupFacts): string {
  return [
    "incident-to-eval makes each incident of an agent a test that holds every later pull request to it. Nothing happens before this is merged.",
    `**Close this if you do not want it.** It is proposed once: closed, it does not come back. Reopened, or with a ${inlineCode(CONFIG_PATH)} of your own, you are in.`,
    renderFiles(facts),
    renderWatched(facts),
    renderProblems(facts),
    renderPast(facts),
    AFTERWARDS,
  ]
    .filter((section) => section !== undefined)
    .join("\n\n");
}

function renderFiles({ files }: SetupFacts): string {
  const list = files.map(({ path }) => `- ${inlineCode(path)}`).join("\n");
  return `## What it adds\n\n${list}\n\nThe configuration was guessed from the files of this repository, without running any. Each guess says so: correct it here, on this branch.`;
}

function renderWatched({ config, paths }: SetupFacts): string {
  const touched = touchedPlaces(config, paths);
  const rows = touched
    .slice(0, FILES_SHOWN_MAX)
    .map(({ path, agent, type, keys }) => [
      keys === undefined
        ? inlineCode(path)
        : `${inlineCode(path)}, ${keys.map((key) => inlineCode(key)).join(" and ")}`,
      type,
      inlineCode(agent),
    ]);
  const rest = touched.length - rows.length;
  return [
    "## What would count as a change",
    "Of all files, a change of these runs the fixtures of the agent that protect against such a change; others run nothing.",
    table(["File", "Counts as", "Of the agent"], rows),
    ...(rest > 0 ? [`… and ${plural(rest, "more file")}.`] : []),
  ].join("\n\n");
}

function renderProblems({ agentProblems }: SetupFacts): string | undefined {
  const said = [...agentProblems].flatMap(([name, problems]) =>
    problems.map((problem) => `- ${inlineCode(name)}: ${inlineText(problemText(problem))}`),
  );
  if (said.length === 0) return undefined;
  const rest = said.length - PROBLEMS_SHOWN_MAX;
  return [
    "## What has to be corrected first",
    [...said.slice(0, PROBLEMS_SHOWN_MAX), ...(rest > 0 ? [`- … and ${rest} more`] : [])].join("\n"),
  ].join("\n\n");
}

function renderPast({ config, past }: SetupFacts): string | undefined {
  if (past.length === 0) return undefined;
  const rows = past.map(({ number, paths, isWhole }) => {
    const touched = touchedPlaces(config, paths);
    // As code, so that GitHub notes nothing on those pull requests.
    return [
      inlineCode(`#${number}`),
      isWhole || touched.length > 0 ? triggerWords(touched) : "more files than were looked at",
    ];
  });
  return `## What the last pull requests would have run\n\nTold by the files that they changed; there are no fixtures yet.\n\n${table(["Merged", "Would have run the fixtures for"], rows)}`;
}

function triggerWords(touched: readonly TouchedPlace[]): string {
  if (touched.length === 0) return "nothing";
  const types = new Set(touched.map(({ agent, type }) => `${type} of ${inlineCode(agent)}`));
  return [...types].join(", ");
}

const AFTERWARDS = `## After the merge

1. Create the label \`incident\`, and file the first incident with the new form.
2. Merge the fixture that is drafted from it; from then on it runs on every pull request that could bring the failure back.
3. Once the checks have run here, require \`${CHECK_NAMES.blocking}\` and \`${CHECK_NAMES.guard}\` in the rules of the default branch, each with this App as its source.

Runs ask a model and cost money: at most what \`gate.max_cost_usd\` says, each.`;
