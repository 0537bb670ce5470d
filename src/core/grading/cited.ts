import type { Citations } from "../fixture/expectation.ts";
import { compilePattern } from "../text/linear-pattern.ts";
import { isNamed, type Trajectory } from "../trajectory/trajectory.ts";
import { excerpt } from "./excerpt.ts";
import type { Grade, Grader } from "./grader.ts";
import { unusableGrader } from "./ungraded.ts";

const CITATIONS_MAX = 1_000;

/** Passes when the answer cites what it must, and cites nothing that was not served or given. */
export function cited({ sources = [], pattern, min }: Citations): Grader {
  const compiled = pattern === undefined ? undefined : compilePattern(pattern);
  if (compiled?.kind === "unusable") return unusableGrader(compiled.problems);
  const least = min ?? 1;
  return async ({ trajectory }) => {
    const unnamed = sources.find((source) => !trajectory.output.toLowerCase().includes(source.toLowerCase()));
    if (unnamed !== undefined)
      return failure(`the answer does not name ${unnamed}`, `an answer that cites ${unnamed}`, trajectory);
    const found = compiled?.value.findAll(trajectory.output, CITATIONS_MAX) ?? [];
    const invented = [...sources, ...found].find((source) => !wasServed(source, trajectory));
    if (invented !== undefined) {
      return failure(
        `the answer cites ${excerpt(invented)}, which was not served`,
        "citations of what was served only",
        trajectory,
      );
    }
    if (compiled !== undefined && found.length < least) {
      return failure(
        `the answer holds ${found.length} citations`,
        `at least ${least} citations that match /${pattern}/`,
        trajectory,
      );
    }
    const all = [...new Set([...sources, ...found])];
    return { kind: "pass", because: `the answer cites ${excerpt(all.join(", "))}` };
  };
}

/** A citation may name a source in another case than the file that holds it. */
function wasServed(source: string, { spans }: Trajectory): boolean {
  const wanted = source.trim().toLowerCase();
  return spans.some(
    (span) =>
      (span.kind === "retrieval" &&
        isNamed({ ...span, name: span.name.toLowerCase() }, `retrieval:${wanted}`)) ||
      span.given?.documents.some((document) => document.toLowerCase() === wanted),
  );
}

function failure(because: string, expected: string, { output }: Trajectory): Grade {
  return { kind: "fail", because, expected, observed: excerpt(output) };
}
