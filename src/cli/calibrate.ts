import { join } from "node:path";
import { WORKING_TREE } from "../adapters/checkout/checkout-repository.ts";
import { limitModels } from "../app/jobs/limit-models.ts";
import { readConfig } from "../app/jobs/read-commit.ts";
import { whyNotBlocking } from "../core/calibration/calibration.ts";
import {
  type CalibrationResult,
  digestExamples,
  examplePaths,
} from "../core/calibration/calibration-result.ts";
import {
  CALIBRATION_RESULT_PATH,
  type CalibrationExample,
  parseExamples,
  repeatedExamples,
} from "../core/calibration/example.ts";
import { renderCalibration } from "../core/calibration/render-calibration.ts";
import { type Disagreement, runCalibration } from "../core/calibration/run-calibration.ts";
import { judgeModels, judgeVersion } from "../core/grading/judge-version.ts";
import type { Problem } from "../core/problem.ts";
import { readableEntries } from "../core/suite/readable.ts";
import type { Tree } from "../core/suite/snapshot.ts";
import { oneLine } from "../core/text/markdown.ts";
import type { Repository } from "../ports/repository.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { digest } from "./keep-trials.ts";
import { openCheckout } from "./open-checkout.ts";
import { missingKeyText, openModels } from "./open-models.ts";
import { inFile, reportProblems } from "./problems.ts";
import { noFiles, readArguments, readUsd } from "./read-arguments.ts";
import { NO_CONFIGURATION } from "./read-checkout.ts";
import { writeOver } from "./write-file.ts";

const HELP = `Asks the judge about examples that people labelled, and says how often it agrees: agreement, Cohen's kappa,
missed failures and false alarms, each with a 95 % interval. The examples lie where \`judge.calibration\` says.

Usage: incident-to-eval calibrate [options]

  --write          writes ${CALIBRATION_RESULT_PATH}; on the default branch it lets a good judge block
  --max-cost USD   stops when this is spent  (default: gate.max_cost_usd)

Environment: ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, JUDGE_MODEL, MODEL_CONCURRENCY

Examples
  incident-to-eval calibrate                see how good the judge is
  incident-to-eval calibrate --write        and commit what was found

Exit codes: 0 the judge may block, 1 it may only warn, 2 usage or configuration, 3 it could not be asked.
`;

const OPTIONS = { write: { type: "boolean", default: false }, "max-cost": { type: "string" } } as const;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("calibrate", args, OPTIONS);
  noFiles("calibrate", positionals);
  const maxCostUsd = readUsd("max-cost", values["max-cost"]);
  const { folder, repository } = await openCheckout(terminal);
  const tree = await repository.fetchTree(WORKING_TREE);
  const config = await readConfig(repository, tree);
  if (config.kind === "absent") return reportProblems([NO_CONFIGURATION], terminal);
  if (config.kind === "unusable") return reportProblems(config.problems, terminal);
  const { judge, gate } = config.value;
  const paths = examplePaths(tree, judge.calibration);
  if (paths.length === 0) {
    throw new UsageError(
      `expected examples at ${judge.calibration ?? "`judge.calibration`, such as evals/calibration/**"}, and there are none`,
    );
  }
  const { examples, problems } = await readExamples(repository, tree, paths);
  if (problems.length > 0) return reportProblems(problems, terminal);
  const models = openModels(terminal, folder);
  if (models === undefined || models.providers.size === 0) {
    terminal.say(`incident-to-eval: ${missingKeyText(["anthropic"])}\n`);
    return EXIT.undecided;
  }
  const limits = { ...config.value, gate: { ...gate, max_cost_usd: maxCostUsd ?? gate.max_cost_usd } };
  const limited = limitModels(models, limits, terminal.signal);
  const found = await runCalibration(examples, limited.models.judgeWith(judge), limited.signal);
  if (found.kind === "unavailable") {
    terminal.say(`incident-to-eval: the judge could not be asked: ${oneLine(found.because)}\n`);
    return EXIT.undecided;
  }
  const version = judgeVersion(judge, models.judgeModel, digest);
  const named = judgeModels(judge, models.judgeModel);
  terminal.print(disagreementLines(found.disagreements));
  terminal.print(renderCalibration(found.counts, `${named.join(" + ")}, version ${version}`));
  const result: CalibrationResult = {
    judge: version,
    models: [...named],
    examples: digestExamples(tree, paths, digest),
    at: terminal.now().toISOString(),
    ...found.counts,
  };
  if (values.write)
    await writeOver(join(folder, CALIBRATION_RESULT_PATH), `${JSON.stringify(result, null, 2)}\n`);
  return whyNotBlocking(found.counts).length === 0 ? EXIT.held : EXIT.blocked;
}

async function readExamples(
  repository: Repository,
  tree: Tree,
  paths: readonly string[],
): Promise<{ readonly examples: readonly CalibrationExample[]; readonly problems: readonly Problem[] }> {
  const entries = readableEntries(tree, paths);
  const texts = await repository.fetchTexts(entries);
  const examples: CalibrationExample[] = [];
  const problems: Problem[] = [];
  for (const { path, sha } of entries) {
    const read = parseExamples(texts.get(sha) ?? "");
    if (read.kind === "parsed") examples.push(...read.value);
    else problems.push(...read.problems.map(inFile(path)));
  }
  return { examples, problems: [...problems, ...repeatedExamples(examples)] };
}

function disagreementLines(disagreements: readonly Disagreement[]): string {
  return disagreements
    .map(
      ({ id, label, verdict, because }) =>
        `${id}: people ${label} it, the judge says ${verdict}: ${oneLine(because)}\n`,
    )
    .join("");
}

/** Measures the judge of a checkout. */
export const calibrateCommand: Command = { help: HELP, options: OPTIONS, run };
