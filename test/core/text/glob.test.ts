import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { problemText } from "../../../src/core/problem.ts";
import { compileGlob, compileGlobFolders, compileGlobs, parseGlob } from "../../../src/core/text/glob.ts";

test.each([
  ["agent/tools.json", "agent/tools.json", true],
  ["agent/tools.json", "agent/toolsXjson", false],
  ["*.md", "a.md", true],
  ["*.md", ".md", true],
  ["*.md", "kb/a.md", false],
  ["kb/*", "kb/.hidden", true],
  ["agent/prompts/**", "agent/prompts/a/b.md", true],
  ["agent/prompts/**", "agent/prompts", false],
  ["agent/prompts/**", "agent/promptsx/a", false],
  ["kb/**/*.md", "kb/a.md", true],
  ["kb/**/*.md", "kb/x/y/a.md", true],
  ["kb/**/*.md", "kbx/a.md", false],
  ["**/tools.json", "tools.json", true],
  ["**/tools.json", "a/b/tools.json", true],
  ["**/tools.json", "a/mytools.json", false],
  ["**", "a/b/c", true],
  ["a**b", "axxb", true],
  ["a**b", "a/b", false],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["a?c", "a😀c", true],
  ["*.{yml,yaml}", "a.yaml", true],
  ["*.{yml,yaml}", "a.yam", false],
  ["{a,b/{c,d}}.md", "b/d.md", true],
  ["{kb,**}/a.md", "x/y/a.md", true],
  ["v[0-9].md", "v7.md", true],
  ["v[!0-9].md", "v7.md", false],
  ["v[!0-9].md", "vx.md", true],
  ["v[!0].md", "v/.md", false],
  ["v[+-9].md", "v/.md", false],
  ["v[+-9].md", "v3.md", true],
  ["v[]x].md", "v].md", true],
  ["a\\*.md", "a*.md", true],
  ["a\\*.md", "ab.md", false],
  ["app/[id].md", "app/[id].md", true],
  ["a.b+(c)$|^.md", "a.b+(c)$|^.md", true],
  ["a,b}.md", "a,b}.md", true],
  ["docs/*", "docs/a\nb", true],
] as const)("%s matches %j: %s", (glob, path, matches) => {
  expect(compileGlob(glob)(path)).toBe(matches);
});

test.each([
  ["/agent/**", "relative to the root"],
  ["./agent/**", "relative to the root"],
  ["agent/../secrets/**", "relative to the root"],
  ["!agent/**", "relative to the root"],
  ["agent//a", "relative to the root"],
  ["agent/", "relative to the root"],
  ["", "relative to the root"],
  ["a[bc", "to be finished"],
  ["a[z-a]", "to be finished"],
  ["a\\", "to be finished"],
  ["{a,b", "a } for every {"],
  ["a".repeat(201), "at most 200 characters, got 201"],
])("says what is wrong with %s", (glob, words) => {
  const read = parseGlob(glob);
  expect(read.kind === "unusable" ? read.problems.map(problemText).join() : "usable").toContain(words);
});

test("several globs hold where any of them does, and none where there are none", () => {
  expect(compileGlobs(["a/*", "b/*"])("b/x")).toBe(true);
  expect(compileGlobs([])("b/x")).toBe(false);
});

test("a glob written to make matchers backtrack is answered", () => {
  const test = compileGlob(`${"*a".repeat(95)}*b`);
  expect(test("a".repeat(4_000))).toBe(false);
  expect(compileGlob(`${"{a,aa}".repeat(30)}b`)("a".repeat(4_000))).toBe(false);
  expect(compileGlob(`${"**/a/".repeat(35)}b`)("a/".repeat(500))).toBe(false);
});

/** All texts that the braces of a glob stand for. */
function withoutBraces(glob: string): string[] {
  const group = /\{([^{}]*)\}/.exec(glob);
  if (group === null) return [glob];
  const [whole, members = ""] = group;
  return members
    .split(",")
    .flatMap((member) =>
      withoutBraces(glob.slice(0, group.index) + member + glob.slice(group.index + whole.length)),
    );
}

function segmentsMatch(globs: readonly string[], names: readonly string[]): boolean {
  const [glob, ...globsAfter] = globs;
  const [name, ...namesAfter] = names;
  if (glob === undefined) return name === undefined;
  if (glob === "**" && globsAfter.length === 0) return names.length > 0;
  if (glob === "**")
    return segmentsMatch(globsAfter, names) || (name !== undefined && segmentsMatch(globs, namesAfter));
  return name !== undefined && nameMatches(glob, name) && segmentsMatch(globsAfter, namesAfter);
}

function nameMatches(glob: string, name: string): boolean {
  if (glob === "") return name === "";
  if (glob.startsWith("*")) {
    return nameMatches(glob.slice(1), name) || (name !== "" && nameMatches(glob, name.slice(1)));
  }
  return name !== "" && (glob[0] === "?" || glob[0] === name[0]) && nameMatches(glob.slice(1), name.slice(1));
}

test("agrees with matching name by name, the slow and simple way", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "."), minLength: 1, maxLength: 4 });
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
  const part = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), minLength: 1, maxLength: 4 }),
    fc.tuple(name, name).map(([one, other]) => `{${one},${other}}`),
    fc.constant("**"),
  );
  const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(glob, path, (written, tried) => {
      const read = parseGlob(written);
      if (read.kind === "unusable") return /(^|\/)\.\.?(\/|$)/.test(written);
      const expected = withoutBraces(written).some((plain) =>
        segmentsMatch(plain.split("/"), tried.split("/")),
      );
      return read.value(tried) === expected;
    }),
    { numRuns: 3_000 },
  );
});

test("never throws, whatever the glob", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab/*?[]{},!^-\\.😀\n"), maxLength: 30 }), (glob) => {
      const read = parseGlob(glob);
      return read.kind === "unusable" || typeof read.value("a/b") === "boolean";
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  ["kb/*.md", "kb", true],
  ["kb/*.md", "kb/more", false],
  ["kb/*.md", "docs", false],
  ["kb/**/*.md", "kb/more/and/more", true],
  ["kb/**/*.md", "docs/more", false],
  ["{kb/a,docs}/*.md", "kb", true],
  ["*/prompts/*.md", "desk/prompts", true],
  ["*/prompts/*.md", "desk/policies", false],
  ["*.md", "kb", false],
  ["kb/**", "kb/more/and/more", true],
])("%s could match something within the folder %s: %s", (glob, folder, expected) => {
  expect(compileGlobFolders(glob)(folder)).toBe(expected);
});

test("every folder on the way to a path that matches could hold one", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab/*{},"), maxLength: 12 });
  const path = fc.array(fc.constantFrom("a", "b", "ab"), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(text, path, (glob, steps) => {
      const read = parseGlob(glob);
      if (read.kind === "unusable" || !read.value(steps.join("/"))) return true;
      return compileGlobFolders(glob)(steps.slice(0, -1).join("/"));
    }),
    { numRuns: 5_000 },
  );
});
