import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { limitModels } from "../app/jobs/limit-models.ts";
import { measureFixture } from "../app/jobs/measure-fixture.ts";
import { missingKeys } from "../app/jobs/missing-keys.ts";
import { type Shrinking, type Shrunk, shrinkFixture } from "../app/jobs/shrink-fixture.ts";
import type { FixtureFile } from "../core/fixture/fixture.ts";
import { replaceKeys } from "../core/fixture/replace-keys.ts";
import { writeFixture } from "../core/fixture/write-fixture.ts";
import { plural } from "../core/report/amounts.ts";
import { shrinkageWords } from "../core/report/shrinkage-words.ts";
import { oneLine } from "../core/text/markdown.ts";
import type { Side } from "../core/trial/trial.ts";
import { type Command, EXIT, type ExitCode, type Terminal } from "./command.ts";
import { findFixture } from "./find-fixture.ts";
import { type OpenCheckout, openCheckout } from "./open-checkout.ts";
import { missingKeyText, openModels } from "./open-models.ts";
import { reportProblems } from "./problems.ts";
import { oneFile, readArguments, readCount, readUsd } from "./read-arguments.ts";
import { readCheckout } from "./read-checkout.ts";
import { writeOver } from "./write-file.ts";

const BUDGET_DEFAULT = 120;
const BUDGET_MAX = 10_000;
const TRIALS_MAX = 100;

const HELP = `Makes a fixture smaller without losing the failure that it shows: messages, documents, memory, state and
recordings go first, then paragraphs, then sentences. What it expects stays as it is, and so does what only the
repaired agent needs. The agent of this checkout must fail the fixture.

Usage: incident-to-eval minimise FIXTURE [options]      FIXTURE is an id or a file

  --trials N       trials that tell how often it fails  (default: gate.trials.reproduce)
  --budget N       runs of the agent after these        (default: ${BUDGET_DEFAULT})
  --max-cost USD   stops when this is spent             (default: gate.max_cost_usd)
  --write          writes the smaller case into the file; without it, it is printed

Environment: ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, JUDGE_MODEL, MODEL_CONCURRENCY

Examples
  incident-to-eval minimise refund-approval-bypass
  incident-to-eval minimise evals/incidents/INC-7/late.yml --budget 300 --write

Exit codes: 0 made smaller, or nothing can go; 2 usage or configuration, or the agent does not fail it;
3 could not be evaluated.
`;

const OPTIONS = {
  trials: { type: "string" },
  budget: { type: "string" },
  "max-cost": { type: "string" },
  write: { type: "boolean", default: false },
} as const;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("minimise", args, OPTIONS);
  const named = oneFile("minimise", positionals);
  const runsMax = readCount("budget", values.budget, BUDGET_MAX) ?? BUDGET_DEFAULT;
  const maxCostUsd = readUsd("max-cost", values["max-cost"]);
  const trialsAsked = readCount("trials", values.trials, TRIALS_MAX);
  const checkout = await openCheckout(terminal);
  const read = await readCheckout(checkout.repository);
  if (read.kind === "unusable") return reportProblems(read.problems, terminal);
  const file = findFixture(named, read);
  const { fixture } = file;

  const models = openModels(terminal, checkout.folder);
  const missing = missingKeys(read.catalog.agents, [fixture.agent], models);
  if (models === undefined || missing.length > 0) {
    terminal.say(`incident-to-eval: ${missingKeyText(missing)}\n`);
    return EXIT.undecided;
  }
  const { gate } = read.config;
  const config = { ...read.config, gate: { ...gate, max_cost_usd: maxCostUsd ?? gate.max_cost_usd } };
  const limited = limitModels(models, config, terminal.signal);
  const measuring = { catalog: read.catalog, config, limited, elapsedMs: terminal.elapsedMs };
  const trials = trialsAsked ?? gate.trials.reproduce;
  terminal.say(`running ${fixture.id} ${plural(trials, "time")} to see how often it fails\n`);
  const side = await measureFixture(fixture, trials, measuring);
  const refusal = whyNot(side, terminal);
  if (refusal !== undefined) return refusal;

  const { shrunk, ended } = await shrinkFixture({
    fixture,
    side,
    measuring,
    runsMax,
    onStep: progressOn(terminal),
  });
  terminal.signal.throwIfAborted();
  if (shrunk === undefined) {
    terminal.print(`${file.path} stays as it is: ${WHY_WHOLE[ended]}.\n`);
    return EXIT.held;
  }
  await tell(shrunk, file, { checkout, trials, isWritten: values.write }, terminal);
  return EXIT.held;
}

/** Why a fixture did not become smaller. */
const WHY_WHOLE = {
  minimal: "nothing can go without losing its failure",
  spent: "a limit was reached before anything smaller was seen to fail",
  too_rare: "it fails too rarely to tell a smaller one from one that has lost the failure",
} as const;

/** Says why there is no failure to keep, with the code to end with; undefined where there is one. */
function whyNot(side: Side, terminal: Terminal): ExitCode | undefined {
  terminal.signal.throwIfAborted();
  const failed = side.trials.filter(({ status }) => status === "failed").length;
  if (side.outcome === "failed" || side.outcome === "flaky") {
    terminal.say(`it fails in ${failed} of ${plural(side.trials.length, "trial")}\n`);
    return undefined;
  }
  if (side.outcome === "passed") {
    terminal.say("incident-to-eval: the agent of this checkout passes it, so there is no failure to keep\n");
    return EXIT.misused;
  }
  terminal.say(
    `incident-to-eval: it could not be evaluated: ${oneLine(side.because ?? "no trial was graded")}\n`,
  );
  return EXIT.undecided;
}

function progressOn({ say, isInteractive }: Terminal): NonNullable<Shrinking["onStep"]> {
  return ({ runs, size, isKept }) => {
    const text = `${plural(runs, "run")} · ${isKept ? "smaller" : "needed"} at ${plural(size.characters, "character")}`;
    if (isInteractive) say(`\r\u001b[K${text}`);
    else if (isKept) say(`${text}\n`);
  };
}

async function tell(
  shrunk: Shrunk,
  { path, fixture }: FixtureFile,
  how: { readonly checkout: OpenCheckout; readonly trials: number; readonly isWritten: boolean },
  terminal: Terminal,
): Promise<void> {
  if (terminal.isInteractive) terminal.say("\r\u001b[K");
  const smaller = { ...fixture, input: shrunk.fixture.input, tools: shrunk.fixture.tools };
  if (how.isWritten) {
    const place = join(how.checkout.folder, path);
    await writeOver(
      place,
      replaceKeys(await readFile(place, "utf8"), writeFixture(smaller), ["input", "tools"]),
    );
  } else terminal.print(`${writeFixture(smaller)}\n`);
  terminal.print(
    [
      `${path}: made smaller ${shrinkageWords(shrunk)}.`,
      `Taken out: ${oneLine(shrunk.removed.join(", "))}.`,
      `It fails in ${shrunk.failed} of ${plural(how.trials, "trial")}${how.isWritten ? "" : "; nothing was written (--write does)"}.`,
      "",
    ].join("\n"),
  );
}

/** Makes a fixture smaller without losing its failure. */
export const minimiseCommand: Command = { help: HELP, options: OPTIONS, run };
