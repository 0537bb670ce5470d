import { readModelEnvironment } from "../app/env.ts";
import type { Models } from "../app/jobs/deps.ts";
import { modelsOf } from "../app/models.ts";
import { problemText } from "../core/problem.ts";
import { type Terminal, UsageError } from "./command.ts";

/** The models that this environment has a key for, or undefined without a key. */
export function openModels({ environment }: Pick<Terminal, "environment">): Models | undefined {
  const read = readModelEnvironment(environment);
  if (read.kind === "parsed") return modelsOf(read.value);
  throw new UsageError(
    `the environment needs a change:\n${read.problems.map((problem) => `  ${problemText(problem)}`).join("\n")}`,
  );
}
