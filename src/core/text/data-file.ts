import { parse as parseToml, TomlError } from "smol-toml";
import { isJsonObject, type JsonValue, jsonValue } from "../json.ts";
import { type Parsed, type Problem, parsed, unusable } from "../problem.ts";
import { readYamlDocument } from "../yaml-document.ts";
import { splitFrontMatter } from "./split-front-matter.ts";
import { withMerges } from "./yaml-merges.ts";

const DATA_LENGTH_MAX = 1024 * 1024;
const DEPTH_MAX = 60;
const VALUES_MAX = 100_000;
const MESSAGE_LENGTH_MAX = 160;

type Reader = (path: string, text: string) => Parsed<JsonValue>;

const READERS: Readonly<Record<string, Reader>> = {
  json: readJson,
  yml: readYamlText,
  yaml: readYamlText,
  toml: readToml,
  md: readFrontMatter,
  markdown: readFrontMatter,
  mdx: readFrontMatter,
  prompt: readFrontMatter,
  prompty: readFrontMatter,
};

/** Reads a file of values by its extension: JSON, YAML, TOML, or the front matter of Markdown and prompt files. */
export function readDataFile(path: string, text: string): Parsed<JsonValue> {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const reader = Object.hasOwn(READERS, extension) ? READERS[extension] : undefined;
  if (reader === undefined) return refuse(path, "a file that ends in .yml, .yaml, .json, .toml or .md", path);
  if (text.length > DATA_LENGTH_MAX) {
    return refuse(path, `at most ${DATA_LENGTH_MAX} characters`, `${text.length} characters`);
  }
  return reader(path, text);
}

/** Finds the value at a dotted key such as `models.refund.name`, or undefined where there is none. */
export function valueAtKey(value: JsonValue, key: string): JsonValue | undefined {
  let here: JsonValue | undefined = value;
  for (const step of key.split(".")) {
    if (!isJsonObject(here) || !Object.hasOwn(here, step)) return undefined;
    here = here[step];
  }
  return here;
}

function readJson(path: string, text: string): Parsed<JsonValue> {
  try {
    return plainValue(path, JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse(path, "JSON", error.message);
  }
}

function readToml(path: string, text: string): Parsed<JsonValue> {
  try {
    return plainValue(path, parseToml(text, { maxDepth: DEPTH_MAX, unsafeKeyBehaviour: "throw" }));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return unusable([{ ...problem(path, "TOML", firstLine(error.message)), line: error.line }]);
  }
}

function readYamlText(path: string, text: string): Parsed<JsonValue> {
  const document = readYamlDocument(text);
  if (document.kind === "parsed") return parsed(withMerges(document.value.value));
  return unusable(document.problems.map((one) => ({ ...one, at: one.at === "the file" ? path : one.at })));
}

function readFrontMatter(path: string, text: string): Parsed<JsonValue> {
  const split = splitFrontMatter(text);
  if (split === undefined) return refuse(path, "front matter: YAML between two lines of ---", "none");
  return split.language === "toml" ? readToml(path, split.matter) : readYamlText(path, split.matter);
}

/** Depth is looked at before anything descends into the value, as a hostile file may be one long nesting. */
function plainValue(path: string, value: unknown): Parsed<JsonValue> {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let count = 0; ; count += 1) {
    const next = open.pop();
    if (next === undefined) break;
    if (typeof next.value !== "object" || next.value === null) continue;
    if (next.depth >= DEPTH_MAX) return refuse(path, `at most ${DEPTH_MAX} levels of nesting`, "more");
    if (count > VALUES_MAX) return refuse(path, `at most ${VALUES_MAX} values`, "more");
    if (Object.hasOwn(next.value, "__proto__")) return refuse(path, "keys that are plain words", "__proto__");
    for (const inner of Object.values(next.value)) open.push({ value: inner, depth: next.depth + 1 });
  }
  // Dates of TOML become text on the way.
  return parsed(jsonValue.parse(JSON.parse(JSON.stringify(value))));
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}

function problem(at: string, expected: string, got: string): Problem {
  return { at, expected, got: got.slice(0, MESSAGE_LENGTH_MAX) };
}

function refuse(at: string, expected: string, got: string): Parsed<never> {
  return unusable([problem(at, expected, got)]);
}
