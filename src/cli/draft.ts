import { WORKING_TREE } from "../adapters/checkout/checkout-repository.ts";
import { makeSecretlintRedactor } from "../adapters/redaction/secretlint-redactor.ts";
import { type Drafted, draftIncident } from "../app/jobs/draft-incident.ts";
import { type Ground, readGround } from "../app/jobs/ground.ts";
import { missingKeys } from "../app/jobs/missing-keys.ts";
import { readConfig } from "../app/jobs/read-commit.ts";
import { agentPaths } from "../core/agent/agent-files.ts";
import { CONFIG_PATH, type Config } from "../core/config/config.ts";
import type { Fixture } from "../core/fixture/fixture.ts";
import { incidentFolder } from "../core/fixture/fixture-path.ts";
import { writeFixture } from "../core/fixture/write-fixture.ts";
import { parsePostmortem } from "../core/incident/parse-postmortem.ts";
import { listing } from "../core/report/amounts.ts";
import { renderDrafted } from "../core/report/render-drafted.ts";
import type { Tree } from "../core/suite/snapshot.ts";
import { shortSha } from "../core/text/short-sha.ts";
import type { Repository } from "../ports/repository.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { type OpenCheckout, openCheckout } from "./open-checkout.ts";
import { openModels } from "./open-models.ts";
import { inFile, reportProblems } from "./problems.ts";
import { oneFile, readArguments, readCount } from "./read-arguments.ts";
import { NO_CONFIGURATION, type Unusable } from "./read-checkout.ts";
import { readIncident } from "./read-incident.ts";
import { writeNew } from "./write-file.ts";

const PATHS_SHOWN_MAX = 5;
/** Stands for the issue while drafting where there is none; it is taken out of the fixtures again. */
const NO_ISSUE = 1;

const HELP = `Drafts fixtures from an incident that is described in a Markdown file with the headings of the incident
form, or in an issue on GitHub, as the app does: secrets and personal data are replaced, the triage table decides,
and with a model key the agent is run to see whether it really fails what was drafted.

Usage: incident-to-eval draft FILE [options]
       incident-to-eval draft https://github.com/OWNER/REPO/issues/N [options]

  --issue N      the issue that the incident stands in, if there is one
  --title TEXT   title of the incident (default: the first heading, else the name of the file)
  --dry-run      prints the fixtures and writes nothing

Environment: ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, OUTBOUND_ALLOW and AGENT_TOKEN_…
for agents behind an address, DRAFT_MODEL, JUDGE_MODEL, MODEL_CONCURRENCY;
for an issue also GITHUB_TOKEN, and GITHUB_API_URL where it is not the public GitHub

Examples
  incident-to-eval draft incident.md --dry-run    look at it first
  incident-to-eval draft https://github.com/acme/shop/issues/42

Exit codes: 0 drafted, or nothing needs to be; 2 something is missing or cannot be used; 3 a model failed.
`;

const OPTIONS = {
  issue: { type: "string" },
  title: { type: "string" },
  "dry-run": { type: "boolean", default: false },
} as const;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("draft", args, OPTIONS);
  const source = oneFile("draft", positionals);
  const given = { issue: readCount("issue", values.issue, Number.MAX_SAFE_INTEGER), title: values.title };
  const { issue, ...written } = await readIncident(source, given, terminal);
  const incident = { ...written, number: issue ?? NO_ISSUE };
  if (issue === undefined) requireName(parsePostmortem(incident).postmortem.incident, source);

  const checkout = await openCheckout(terminal);
  const ground = await readWorkingGround(checkout.repository, terminal);
  if (ground.kind === "unusable") return reportProblems(ground.problems, terminal);
  const models = openModels(terminal, checkout.folder);
  const agents = ground.value.catalog.agents;
  const canRun = [...agents.keys()].some((name) => missingKeys(agents, [name], models).length === 0);
  if (canRun) terminal.say("drafting, and running the agent to see whether it fails\n");
  const { now, elapsedMs, signal } = terminal;
  const deps = { redactor: makeSecretlintRedactor(), models, now, elapsedMs };
  const drafted = withoutIssue(await draftIncident(incident, ground.value, deps, signal), issue);

  if (drafted.kind === "drafted") await writeDrafts(drafted, checkout, values["dry-run"], terminal);
  terminal.print(renderDrafted(drafted));
  return drafted.kind === "incomplete" || drafted.kind === "configuration_broken" ? EXIT.misused : EXIT.held;
}

/** Fixtures lie in a folder that is called like their incident, so it needs a name. */
function requireName(incident: string | undefined, file: string): void {
  if (incidentFolder(incident, NO_ISSUE) === incident) return;
  throw new UsageError(
    `the incident has no name: put one such as INC-2026-04-18-017 under the heading "Incident ID" of ${file}, or give --issue N`,
  );
}

/** Reads the working tree as what an incident is held against; evidence names the commit that it rests on. */
async function readWorkingGround(
  repository: Repository,
  terminal: Terminal,
): Promise<{ readonly kind: "read"; readonly value: Ground } | Unusable> {
  const tree = await repository.fetchTree(WORKING_TREE);
  const config = await readConfig(repository, tree);
  if (config.kind === "absent") return { kind: "unusable", problems: [NO_CONFIGURATION] };
  if (config.kind === "unusable") {
    return { kind: "unusable", problems: config.problems.map(inFile(CONFIG_PATH)) };
  }
  const tip = await repository.fetchTip("HEAD");
  if (tip === undefined)
    throw new UsageError("evidence names a commit, and this checkout has none: commit once");
  const changed = changedParts(config.value, tree, await repository.fetchTree(tip.sha));
  if (changed.length > 0) {
    terminal.say(
      `the agent is not as in commit ${shortSha(tip.sha)}, which the evidence will name: ${listing(changed, PATHS_SHOWN_MAX)}\n`,
    );
  }
  const commits = { fetchCommit: async (name: string) => (await repository.fetchTip(name))?.sha };
  return { kind: "read", value: await readGround({ repository, commits }, tip.sha, tree, config.value) };
}

/** The files of the agents that are not as they were committed. */
function changedParts(config: Config, here: Tree, committed: Tree): readonly string[] {
  const paths = Object.values(config.agents).flatMap((agent) => agentPaths(agent, here));
  return [...new Set([CONFIG_PATH, ...paths])].filter(
    (path) => here.entries.get(path)?.sha !== committed.entries.get(path)?.sha,
  );
}

function withoutIssue(drafted: Drafted, issue: number | undefined): Drafted {
  if (drafted.kind !== "drafted" || issue !== undefined) return drafted;
  const drafts = drafted.proposed.drafts.map((one) => ({
    ...one,
    draft: { ...one.draft, fixture: issueless(one.draft.fixture) },
  }));
  return { ...drafted, proposed: { ...drafted.proposed, drafts } };
}

function issueless({ issue: _, ...fixture }: Fixture): Fixture {
  return fixture;
}

async function writeDrafts(
  { proposed }: Extract<Drafted, { kind: "drafted" }>,
  { folder }: OpenCheckout,
  isDryRun: boolean,
  terminal: Terminal,
): Promise<void> {
  for (const { path, draft } of proposed.drafts) {
    const text = writeFixture(draft.fixture);
    if (isDryRun) terminal.print(`# ${path}\n${text}\n`);
    else if (!(await writeNew(folder, path, text))) {
      throw new UsageError(`${path} exists already, and is never overwritten`);
    }
  }
}

/** Drafts fixtures from an incident in a file. */
export const draftCommand: Command = { help: HELP, options: OPTIONS, run };
