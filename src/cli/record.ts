import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { diff } from "node:util";
import { redactorWhenNeeded } from "../adapters/redaction/redactor-when-needed.ts";
import { limitModels } from "../app/jobs/limit-models.ts";
import { missingKeys } from "../app/jobs/missing-keys.ts";
import { type Recorded, recordAnswers } from "../app/jobs/record-answers.ts";
import type { AskModel, ChatAnswer } from "../core/agent/chat.ts";
import { parseFixture } from "../core/fixture/parse-fixture.ts";
import { writeRecordings } from "../core/fixture/record/add-recordings.ts";
import { canonicalJson } from "../core/json.ts";
import { plural } from "../core/report/amounts.ts";
import { oneLine } from "../core/text/markdown.ts";
import { runAgent } from "../core/trial/run-agent.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import { type Command, EXIT, type ExitCode, type Terminal } from "./command.ts";
import { findFixture } from "./find-fixture.ts";
import { openCheckout } from "./open-checkout.ts";
import { missingKeyText, openModels } from "./open-models.ts";
import { openTools, TOOL_OPTIONS } from "./open-tools.ts";
import { reportProblems } from "./problems.ts";
import { oneFile, readArguments, readUsd } from "./read-arguments.ts";
import { readCheckout } from "./read-checkout.ts";
import { writeOver } from "./write-file.ts";

const HELP = `Runs the agent on a fixture and lets your real tools answer what no recording does; the answers become
recordings. Secrets and personal data are taken out before anything is shown, written or given to the agent. Only
tools whose name says that they look (read_, get_, search_ …) are called; nothing that may act on the world is.

Usage: incident-to-eval record FIXTURE [options] [-- COMMAND …]      FIXTURE is an id or a file

  --url URL                    posts each call there, instead of starting COMMAND for it
  --token-env NAME             a variable whose value goes along as a bearer token
  --env NAME                   a variable that COMMAND may see; again for more
  --timeout SECONDS            how long one call may take             (default: 30)
  --runner FILE                a file that git does not know, which says this  (default: .incident-to-eval/tools.yml)
  --allow-side-effects TOOL    calls this one too, for real; again for more
  --max-cost USD               stops when this is spent on models     (default: gate.max_cost_usd)
  --write                      writes the recordings; without it, the change is shown

A call and its answer are JSON: evals/schema/tool-call.schema.json, evals/schema/tool-answer.schema.json. Where your
tools are is never read from the repository, or a pull request could have its own program run by whoever records.

Environment: ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, MODEL_CONCURRENCY

Examples
  incident-to-eval record refund-approval-bypass -- node tools.mjs
  incident-to-eval record evals/golden/late.yml --url http://localhost:4000/call --write

Exit codes: 0 every call has an answer; 2 usage or configuration; 3 a call has none still, or could not be made.
`;

const OPTIONS = {
  ...TOOL_OPTIONS,
  "allow-side-effects": { type: "string", multiple: true },
  "max-cost": { type: "string" },
  write: { type: "boolean", default: false },
} as const;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const { values, positionals } = readArguments("record", own, OPTIONS);
  const named = oneFile("record", positionals);
  const { folder, repository } = await openCheckout(terminal);
  const tools = await openTools(values, end < 0 ? [] : args.slice(end + 1), folder, terminal);
  const read = await readCheckout(repository);
  if (read.kind === "unusable") return reportProblems(read.problems, terminal);
  const { path, fixture } = findFixture(named, read);

  const models = openModels(terminal, folder);
  const missing = missingKeys(read.catalog.agents, [fixture.agent], models);
  if (models === undefined || missing.length > 0) {
    terminal.say(`incident-to-eval: ${missingKeyText(missing)}\n`);
    return EXIT.undecided;
  }
  const { gate, incidents, agents } = read.config;
  const maxCostUsd = readUsd("max-cost", values["max-cost"]) ?? gate.max_cost_usd;
  const config = { ...read.config, gate: { ...gate, max_cost_usd: maxCostUsd } };
  const { models: metered, signal } = limitModels(models, config, terminal.signal);
  const askModel = remembering(metered.ask);
  try {
    const recorded = await recordAnswers({
      fixture,
      spans: agents[fixture.agent]?.spans ?? {},
      allowed: values["allow-side-effects"] ?? [],
      runAgent: async (now) =>
        await runAgent({
          agents: read.catalog.agents,
          fixture: now,
          askModel,
          outside: metered.outside,
          now: terminal.elapsedMs,
          signal,
        }),
      tools,
      redactor: redactorWhenNeeded(),
      allowedValues: incidents.redaction.allow,
      signal,
      onCall: (tool) => terminal.say(`calling ${oneLine(tool)}\n`),
    });
    return await tell(recorded, { path, folder, isWritten: values.write }, terminal);
  } catch (error) {
    terminal.signal.throwIfAborted();
    if (!(error instanceof ExternalFailure) && !signal.aborted) throw error;
    const because = error instanceof Error ? error.message : String(error);
    terminal.say(`incident-to-eval: nothing was recorded: ${oneLine(because)}\n`);
    return EXIT.undecided;
  }
}

/** What was asked already is not asked and paid again when the run is repeated with one more answer. */
function remembering(ask: AskModel): AskModel {
  const known = new Map<string, ChatAnswer>();
  return async (request, signal) => {
    const key = canonicalJson(JSON.parse(JSON.stringify(request)));
    const answer = known.get(key) ?? (await ask(request, signal));
    known.set(key, answer);
    return answer;
  };
}

async function tell(
  { added, open, redacted }: Recorded,
  {
    path,
    folder,
    isWritten,
  }: { readonly path: string; readonly folder: string; readonly isWritten: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  if (added.length > 0) {
    const place = join(folder, path);
    const before = await readFile(place, "utf8");
    const after = writeRecordings(before, added);
    const read = parseFixture(path, after);
    if (read.kind === "unusable") return reportProblems(read.problems, terminal);
    terminal.print(changed(path, before, after));
    if (isWritten) await writeOver(place, after);
  }
  terminal.print(
    [
      `${plural(added.length, "recording")}${added.length > 0 && !isWritten ? ", not written (--write does)" : ""}; ${plural(redacted, "text")} redacted.`,
      ...open.map(({ tool, because }) => `${oneLine(tool)} was not called: ${oneLine(because)}`),
      "",
    ].join("\n"),
  );
  return open.length > 0 ? EXIT.undecided : EXIT.held;
}

const CONTEXT_LINES = 2;

/** The lines that change, with some around them. */
function changed(path: string, before: string, after: string): string {
  const lines = diff(before.split("\n"), after.split("\n"));
  const isNear = (index: number): boolean =>
    lines.slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1).some(([side]) => side !== 0);
  const shown = lines.flatMap(([side, line], index) => {
    if (!isNear(index)) return [];
    const gap = index > 0 && !isNear(index - 1) ? ["…"] : [];
    return [...gap, `${side === 0 ? " " : side > 0 ? "-" : "+"}${line}`];
  });
  return `${path}\n${shown.join("\n")}\n`;
}

/** Records answers of real tools into a fixture. */
export const recordCommand: Command = { help: HELP, options: OPTIONS, run };
