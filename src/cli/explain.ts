import { dayOf } from "../core/fixture/day.ts";
import { explainFixture } from "../core/report/explain-fixture.ts";
import { renderExplanationText, renderFixtureExplanationText } from "../core/report/render-explanation.ts";
import { shortSha } from "../core/text/short-sha.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { openCheckout } from "./open-checkout.ts";
import { planChanged, planStanding } from "./plan-run.ts";
import { reportProblems } from "./problems.ts";
import { readArguments } from "./read-arguments.ts";

const HELP = `Says what changed, what it can affect, which fixtures protect it, and which do not run and why.
Nothing is run, and no key is needed.

Usage: incident-to-eval explain [FIXTURE] [--changed BASE]

  FIXTURE          the id of one fixture: whether it runs, and why or why not
  --changed BASE   as a pull request to this branch, tag or commit would be seen

Examples
  incident-to-eval explain --changed main
  incident-to-eval explain asks-first --changed main

The comment \`/incident-to-eval explain [fixture]\` says the same of a pull request.

Exit codes: 0 explained, 2 usage or configuration.
`;

const OPTIONS = { changed: { type: "string" } } as const;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("explain", args, OPTIONS);
  const [fixture, ...more] = positionals;
  if (more.length > 0) throw new UsageError("explain takes one fixture at a time");
  const { repository } = await openCheckout(terminal);
  const { changed } = values;
  const plan =
    changed === undefined
      ? await planStanding(repository)
      : await planChanged(repository, changed, dayOf(terminal.now()));
  if (plan.kind === "unusable") return reportProblems(plan.problems, terminal);
  const { suite, baseline } = plan;
  const base =
    baseline === undefined ? undefined : `${shortSha(baseline.sha)} (merge base with ${baseline.branch})`;
  if (fixture !== undefined && explainFixture(suite, fixture).kind === "unknown")
    throw new UsageError(
      renderFixtureExplanationText({ plan: suite, head: "", base }, fixture, false).trim(),
    );
  const explained = { plan: suite, head: "the working tree", base };
  terminal.print(
    fixture === undefined
      ? renderExplanationText(explained, terminal.colours)
      : renderFixtureExplanationText(explained, fixture, terminal.colours),
  );
  return EXIT.held;
}

/** Explains what would run and why. */
export const explainCommand: Command = { help: HELP, options: OPTIONS, run };
