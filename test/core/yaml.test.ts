import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { z } from "zod";
import { configSchema } from "../../src/core/config/config.ts";
import { fixtureSchema } from "../../src/core/fixture/fixture.ts";
import { jsonValue } from "../../src/core/json.ts";
import { problemText } from "../../src/core/problem.ts";
import { readYaml } from "../../src/core/yaml.ts";

function problemsOf(text: string, schema: z.ZodType = jsonValue): readonly string[] {
  const result = readYaml(text, schema);
  return result.kind === "parsed" ? [] : result.problems.map(problemText);
}

function plainOf(text: string): unknown {
  const result = readYaml(text, jsonValue);
  return result.kind === "parsed" ? result.value.value : result.problems;
}

test("reads YAML 1.2: yes is a word, 0o17 a number, << a plain key", () => {
  expect(plainOf("a: yes\nb: 0o17\n<<: {c: 1}\nd: 2026-04-18\n")).toEqual({
    a: "yes",
    b: 15,
    "<<": { c: 1 },
    d: "2026-04-18",
  });
});

test("reads JSON, anchors and aliases, and an empty file", () => {
  expect(plainOf('{"a": [1, null, true]}')).toEqual({ a: [1, null, true] });
  expect(plainOf("a: &x [1, 2]\nb: *x\n")).toEqual({ a: [1, 2], b: [1, 2] });
  expect(plainOf("# nothing\n")).toBeNull();
});

test("tells the line of every path", () => {
  const result = readYaml("a:\n  - x\n  - b.c: 1\n\nd: {e: [1,\n 2]}\n", jsonValue);
  expect(result.kind === "parsed" && Object.fromEntries(result.value.lines)).toEqual({
    a: 1,
    "a[0]": 2,
    "a[1]": 3,
    'a[1]["b.c"]': 3,
    d: 5,
    "d.e": 5,
    "d.e[0]": 5,
    "d.e[1]": 6,
  });
});

describe("what is not plain YAML is said with its line", () => {
  test.each([
    ["a key twice", "a: 1\nb: 2\na: 3\n", "a (line 3): expected each key once, got it twice"],
    [
      "a custom tag",
      "a: !js/function x\n",
      "the file (line 1, column 4): expected plain YAML 1.2, got Unresolved tag: !js/function",
    ],
    [
      "several documents",
      "a: 1\n---\nb: 2\n",
      "the file (line 2): expected one YAML document, got several, separated by ---",
    ],
    ["an older version", "%YAML 1.1\n---\na: yes\n", "the file (line 1): expected YAML 1.2, got %YAML 1.1"],
    [
      "an alias without anchor",
      "a: *x\n",
      "a (line 1): expected an anchor that stands above its alias, got *x",
    ],
    [
      "a list as key",
      "? [a]\n: 1\n",
      "the file (line 1): expected keys that are plain words, got a list or mapping as a key",
    ],
    [
      "a key that is no member",
      "a:\n  __proto__: 1\n",
      "a (line 2): expected keys that are plain words, got __proto__",
    ],
    ["a number without end", "a: .inf\n", "a (line 1): expected a finite number, got Infinity"],
  ])("%s", (_, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });
});

describe("a hostile file is refused before it costs anything", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${["b", "c", "d", "e", "f", "g"]
    .map((key, index) => `${key}: &${key} [${Array(10).fill(`*${"abcdef"[index]}`)}]\n`)
    .join("")}`;
  test.each([
    ["an alias bomb", bomb, "aliases"],
    ["an alias of itself", "a: &a [*a]\n", "levels of nesting"],
    ["deep flow lists", "[".repeat(100_000), "levels of nesting"],
    ["deep block lists", "- ".repeat(100_000), "levels of nesting"],
    ["deep explicit keys", "? ".repeat(100_000), "levels of nesting"],
    ["a large file", "a".repeat(300_000), "characters"],
    ["very many values", `[${"1,".repeat(60_000)}]`, "values"],
  ])("%s", (_, text, word) => {
    expect(problemsOf(text).join("\n")).toMatch(new RegExp(`expected at most \\d+ ${word}`));
  });
});

test("names every problem of a fixture at once, in the words of the file", () => {
  const text = [
    "id: Refund",
    "level: blocker",
    "agnet: refund",
    "input: { messages: [] }",
    "tools: { read: { retrun: 1 } }",
    "expect:",
    "  output:",
    "    must_not_contian: [approved]",
    "    must_contain:",
    "      - 7",
    "trials: { max: 0 }",
    "created_at: yesterday",
  ].join("\n");
  expect(problemsOf(text, fixtureSchema)).toEqual([
    'id (line 1): expected a-z, 0-9 and -, at most 80 characters, got "Refund"',
    'level (line 2): expected blocking | warning | exploratory, got "blocker" (did you mean blocking?)',
    'created_at (line 12): expected a day such as 2026-04-18, got "yesterday"',
    "agent (line 1): expected text, got nothing",
    "input.messages (line 4): expected at least 1 item, got []",
    'tools.read.retrun (line 5): expected the key return, got the unknown key "retrun"',
    'tools.read (line 5): expected one of return, error, timeout_ms, malformed, denied, sequence in a recording, got {"retrun":1}',
    "expect.output.must_contain[0] (line 10): expected text, got 7",
    'expect.output.must_not_contian (line 8): expected the key must_not_contain, got the unknown key "must_not_contian"',
    "trials.max (line 11): expected a number of at least 1, got 0",
    'agnet (line 3): expected the key agent, got the unknown key "agnet"',
  ]);
});

test("names both mistakes of a configuration", () => {
  const text =
    "version: 1\nagents:\n  refund:\n    target: antropic\n    model: m\n    system: [s.md]\n    max_turn: 3\n";
  expect(problemsOf(text, configSchema)).toEqual([
    'agents.refund.target (line 4): expected anthropic | openai, got "antropic" (did you mean anthropic?)',
    'agents.refund.max_turn (line 7): expected the key max_turns, got the unknown key "max_turn"',
  ]);
});

test("shows no more than 80 characters of what it got", () => {
  const [problem] = problemsOf(`id: ${"x".repeat(5000)}`, z.strictObject({ id: z.number() }));
  expect(problem?.length).toBeLessThan(140);
});

test("never throws, whatever the text", () => {
  const pieces = fc.constantFrom(
    "a",
    ": ",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&a ",
    "*a",
    "!!str ",
    "|\n",
    "> ",
    "'",
    '"',
    "#",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "? ",
    "\t",
    "\0",
    "\u2028",
    "\ud800",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 60 }).map((list) => list.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(["parsed", "unusable"]).toContain(readYaml(text, fixtureSchema).kind);
    }),
    { numRuns: 1000 },
  );
});
