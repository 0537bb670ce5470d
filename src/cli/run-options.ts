import { UsageError } from "./command.ts";
import { noFiles, readArguments, readCount, readShard, readUsd } from "./read-arguments.ts";
import { REPORT_HELP, REPORT_OPTIONS, type ReportFiles } from "./report-files.ts";

const TRIALS_MAX = 100;

/** Teaches how fixtures are run. */
export const RUN_HELP = `Runs fixtures on the agents of this checkout, as its files lie there, and says what holds.

Usage: incident-to-eval run [options]

What runs
  --filter TEXT    only the fixture with this id, or all whose id or path holds the text, or with
                   this tag or incident; may be given several times
  --changed BASE   what the gate would run for a pull request to BASE: the fixtures that protect what
                   changed since the merge base, each compared with the agent there
  --only-failed    only what did not pass when it ran last in this checkout
  --shard I/N      the I-th of N parts of about the same number of trials; \`merge\` joins their results
  --watch          runs again what a change of a file can affect: agents, fixtures, configuration
                   (keys: Enter the same again, a all, f what failed, q quit)

How it runs
  --trials N       trials of a fixture               (default: gate.trials.pull_request)
  --max-cost USD   ends the run when this is spent   (default: gate.max_cost_usd)
  --no-cache       runs every trial; otherwise one with the same agent, case and recordings that ran
                   in the last 24 hours is graded again and not run (.incident-to-eval/ keeps them)
  --dry-run        says what would run and why, and runs nothing
  --estimate       says what it would cost, and runs nothing

Reports
${REPORT_HELP}

Environment: ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, OUTBOUND_ALLOW and
AGENT_TOKEN_… for agents behind an address, JUDGE_MODEL, MODEL_CONCURRENCY, NO_COLOR, FORCE_COLOR

Examples
  incident-to-eval run --filter refund --trials 10        how often does it hold?
  incident-to-eval run --changed main --junit report.xml  in CI, as the gate will see it
  incident-to-eval run --watch                            while you change a prompt
  incident-to-eval run --shard 1/4 --json 1.json          on the first of four machines

Exit codes: 0 nothing blocks, 1 a blocking fixture does not pass, 2 usage or configuration,
3 a blocking fixture could not be evaluated, or none could.
`;

/** The options of `run`. */
export const RUN_OPTIONS = {
  filter: { type: "string", multiple: true, default: [] as string[] },
  changed: { type: "string" },
  "only-failed": { type: "boolean", default: false },
  shard: { type: "string" },
  watch: { type: "boolean", default: false },
  trials: { type: "string" },
  "max-cost": { type: "string" },
  "no-cache": { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  estimate: { type: "boolean", default: false },
  ...REPORT_OPTIONS,
} as const;

/** What the options of `run` ask for. */
export interface RunOptions extends ReportFiles {
  readonly filter: readonly string[];
  readonly changed: string | undefined;
  readonly onlyFailed: boolean;
  readonly shard: { readonly index: number; readonly count: number } | undefined;
  readonly watch: boolean;
  readonly trials: number | undefined;
  readonly maxCostUsd: number | undefined;
  readonly reuses: boolean;
  readonly stopBefore: "plan" | "estimate" | undefined;
}

/** Reads the options of `run`. */
export function readRunOptions(args: readonly string[]): RunOptions {
  const { values, positionals } = readArguments("run", args, RUN_OPTIONS);
  noFiles("run", positionals);
  const { filter, changed, watch, json, junit, html } = values;
  if (filter.includes("")) throw new UsageError("--filter takes a text, got an empty one");
  if (watch && values.shard !== undefined) {
    throw new UsageError("--watch is for somebody who waits, and --shard for machines: give one of them");
  }
  return {
    filter,
    changed,
    onlyFailed: values["only-failed"],
    shard: readShard(values.shard),
    watch,
    trials: readCount("trials", values.trials, TRIALS_MAX),
    maxCostUsd: readUsd("max-cost", values["max-cost"]),
    reuses: !values["no-cache"],
    stopBefore: values["dry-run"] ? "plan" : values.estimate ? "estimate" : undefined,
    json,
    junit,
    html,
  };
}
