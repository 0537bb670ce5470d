import type { Change } from "../change/change-type.ts";
import type { FixtureFile } from "../fixture/fixture.ts";
import { type Problem, problemText } from "../problem.ts";
import type { SuitePlan } from "../suite/suite.ts";
import { nearestWord } from "../text/nearest-word.ts";

const PROBLEMS_MAX = 10;
const CHANGES_MAX = 10;

/** Whether one fixture runs, and why or why not. */
export type FixtureExplanation =
  | {
      readonly kind: "runs" | "left_out";
      readonly file: FixtureFile;
      /** Versions of it that run, or the one that does not, each with its reason. */
      readonly reasons: readonly string[];
      /** What it protects against, such as `prompt of refund: agent/prompts/system.md`. */
      readonly against: readonly string[];
    }
  | { readonly kind: "unreadable"; readonly path: string; readonly problems: readonly string[] }
  | { readonly kind: "unknown"; readonly nearest: string | undefined };

/** Says of one fixture whether it runs under a plan, and why; a file is found by its name where its id cannot be read. */
export function explainFixture(plan: SuitePlan, id: string): FixtureExplanation {
  const isIt = ({ file }: { readonly file: FixtureFile }): boolean => file.fixture.id === id;
  const selected = plan.selected.filter(isIt);
  const [first] = selected;
  if (first !== undefined) {
    const against = selected.flatMap((one) => one.against ?? []).map(changeText);
    return {
      kind: "runs",
      file: first.file,
      reasons: selected.map(({ because }) => because),
      against: [...new Set(against)].slice(0, CHANGES_MAX),
    };
  }
  const left = plan.leftOut.find(isIt);
  if (left !== undefined) return { kind: "left_out", file: left.file, reasons: [left.because], against: [] };
  const broken = plan.broken.find(({ path }) => /([^/]+)\.ya?ml$/.exec(path)?.[1] === id);
  if (broken !== undefined) {
    const problems = broken.problems.slice(0, PROBLEMS_MAX).map((problem: Problem) => problemText(problem));
    return { kind: "unreadable", path: broken.path, problems };
  }
  const known = [...plan.selected, ...plan.leftOut].map(({ file }) => file.fixture.id);
  return { kind: "unknown", nearest: nearestWord(id, known) };
}

function changeText({ type, agent, path, key }: Change): string {
  return `${type} of ${agent}: ${path}${key === undefined ? "" : ` (${key})`}`;
}
