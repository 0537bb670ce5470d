import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { problemText } from "../../../src/core/problem.ts";
import { readDataFile, valueAtKey } from "../../../src/core/text/data-file.ts";

function words(path: string, text: string): string {
  const read = readDataFile(path, text);
  return read.kind === "unusable" ? read.problems.map(problemText).join("\n") : JSON.stringify(read.value);
}

test.each([
  ["model.yml", "model: m-1\nparameters:\n  temperature: 0.5\n"],
  ["model.YAML", "# which model\nmodel: m-1\nparameters: { temperature: 0.5 }\n"],
  ["model.json", '{ "model": "m-1", "parameters": { "temperature": 0.5 } }'],
  ["model.json", '\uFEFF{"model":"m-1",\r\n\t"parameters":{"temperature":0.5}}'],
  ["model.toml", 'model = "m-1"\n[parameters]\ntemperature = 0.5\n'],
  ["prompt.md", "---\nmodel: m-1\nparameters: { temperature: 0.5 }\n---\nYou help.\n---\n"],
  ["prompt.md", "---\r\nmodel: m-1\r\nparameters: { temperature: 0.5 }\r\n---\r\nYou help."],
])("reads %s by its extension: %j", (path, text) => {
  expect(words(path, text)).toBe('{"model":"m-1","parameters":{"temperature":0.5}}');
});

test("dates of TOML are read as text", () => {
  expect(words("a.toml", "day = 2026-04-18")).toBe('{"day":"2026-04-18"}');
});

test.each([
  ["model.yml", "a: [", "model.yml (line 1, column 5)"],
  ["model.yml", "a: 1\na: 2\n", "each key once"],
  ["model.json", "{ model: m-1 }", "model.json: expected JSON, got "],
  ["model.json", "", "model.json: expected JSON, got "],
  ["model.toml", "model = ", "model.toml (line 1): expected TOML"],
  ["model.toml", "a = 1\n__proto__ = 2", "model.toml"],
  ["model.json", '{ "__proto__": 1 }', "keys that are plain words"],
  ["prompt.md", "You help.", "front matter: YAML between two lines of ---, got none"],
  ["prompt.md", "---\nmodel: m-1\n", "front matter"],
  ["model.ini", "model=1", "a file that ends in .yml, .yaml, .json, .toml or .md, got model.ini"],
  ["constructor", "x", "a file that ends in"],
  ["deep.json", `${"[".repeat(50_000)}${"]".repeat(50_000)}`, "at most 60 levels"],
  ["deep.toml", `${Array(5_000).fill("a").join(".")} = 1`, "deep.toml"],
  ["long.json", `"${"a".repeat(1024 * 1024)}"`, "at most 1048576 characters"],
  ["many.json", JSON.stringify(Array(100_002).fill({})), "at most 100000 values"],
])("says what is wrong with %s: %.40j", (path, text, expected) => {
  expect(words(path, text)).toContain(expected);
});

test.each([
  ["model", '"m"'],
  ["routes.refund.name", '"r"'],
  ["routes.support", undefined],
  ["model.name", undefined],
  ["constructor", undefined],
  ["list.0", undefined],
])("the value at %s is %s", (key, value) => {
  const found = valueAtKey({ model: "m", routes: { refund: { name: "r" } }, list: ["x"] }, key);
  expect(JSON.stringify(found)).toBe(value);
});

test("never throws, whatever the text", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."[]{}\"'=.,:-#\n ab1") }),
  );
  const path = fc.constantFrom("a.json", "a.yml", "a.toml", "a.md");
  fc.assert(
    fc.property(path, text, (name, content) => words(name, content).length > 0),
    { numRuns: 2_000 },
  );
});
