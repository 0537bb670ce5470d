import type { z } from "zod";
import { type Parsed, parsed, unusable } from "./problem.ts";
import { schemaProblems } from "./schema-problems.ts";
import { readYamlDocument } from "./yaml-document.ts";

/** What a YAML file says, with the one-based line of every path in it. */
export interface YamlContent<T> {
  readonly value: T;
  readonly lines: ReadonlyMap<string, number>;
}

/** Reads one strict YAML document that fits a schema, or names everything that is wrong with it, each with its line. */
export function readYaml<S extends z.ZodType>(
  text: string,
  schema: S,
  limits: { readonly sizeMax?: number } = {},
): Parsed<YamlContent<z.output<S>>> {
  const document = readYamlDocument(text, limits.sizeMax);
  if (document.kind === "unusable") return document;
  const { value, lines } = document.value;
  const result = schema.safeParse(value);
  if (result.success) return parsed({ value: result.data, lines });
  return unusable(schemaProblems(result.error.issues, { schema, value, lines }));
}
