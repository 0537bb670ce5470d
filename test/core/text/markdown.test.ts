import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  bytesOf,
  fencedBlock,
  inlineCode,
  inlineText,
  linkTo,
  oneLine,
  quoteBlock,
  stripInvisible,
  table,
  tableCell,
  truncate,
} from "../../../src/core/text/markdown.ts";
import { markdownNodes } from "../../build/markdown.ts";

const HOSTILE_PARTS = [
  "@octocat",
  "@acme/team",
  "#12",
  "acme/shop#3",
  "GH-7",
  "https://github.com/a/b/pull/1",
  "www.example.com",
  "x@example.com",
  "`",
  "```",
  "~~~",
  "<img src=x onerror=alert(1)>",
  "<!--",
  "-->",
  "</details>",
  "[a](b)",
  "![i](j)",
  "[^1]",
  "[ ]",
  "*",
  "**",
  "_",
  "__",
  "~~",
  "|",
  "\\",
  "\\|",
  "&lt;",
  "&#35;",
  "\n",
  "\n\n",
  "\r\n",
  "# ",
  "- ",
  "1. ",
  "12) ",
  "> ",
  "===",
  "---",
  ":-",
  "+ ",
  "    ",
  "\t",
  "\u200b",
  "\u202e",
  "\u2028",
  "\ud800",
  "😀",
  "$x$",
  "<a@b.c>",
  "<http://x.y>",
  "word",
  " ",
];

const hostileText = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...HOSTILE_PARTS) },
      { weight: 1, arbitrary: fc.string() },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

const typesOf = (markdown: string): string[] => markdownNodes(markdown).map((node) => node.type);
const textOf = (markdown: string): string =>
  markdownNodes(markdown)
    .map((node) => ("value" in node ? node.value : ""))
    .join("");
const withoutBreaks = (text: string): string => text.replaceAll("\u200b", "");

describe("inlineText", () => {
  test("opens nothing, wherever it stands, and loses nothing", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = inlineText(text);
        fc.pre(shown !== "");
        expect(new Set(typesOf(shown))).toEqual(new Set(["root", "paragraph", "text"]));
        expect(withoutBreaks(textOf(shown))).toBe(oneLine(text));
        expect(new Set(typesOf(`Before\n${shown}\nafter`))).toEqual(new Set(["root", "paragraph", "text"]));
        expect(new Set(typesOf(`- ${shown}`))).toEqual(
          new Set(["root", "list", "listItem", "paragraph", "text"]),
        );
      }),
      { numRuns: 600 },
    );
  });

  test("leaves no mention, reference or address that GitHub would link", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(textOf(inlineText(text))).not.toMatch(/@\w|#\d|GH-\d|:\/\/|www\./i);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    { text: "Mail @acme/ops about #12", shown: "Mail @&#8203;acme/ops about #&#8203;12" },
    { text: "<b>bold</b>", shown: "&lt;b&gt;bold&lt;/b&gt;" },
    { text: "two\r\nlines\u2028three", shown: "two lines three" },
    { text: "1. not a list", shown: "1\\. not a list" },
    { text: "snake_case and a|b", shown: "snake\\_case and a\\|b" },
    { text: "a\u202eb\u200bc<!-- hidden -->d", shown: "abcd" },
  ])("shows $text as written", ({ text, shown }) => {
    expect(inlineText(text)).toBe(shown);
  });

  test("cuts before escaping, so that no escape is cut in two", () => {
    expect(inlineText("`".repeat(100_000), 3)).toBe("\\`\\`…");
  });
});

describe("inlineCode", () => {
  test("holds the text in one code span, alone and in a table", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(oneLine(text) !== "");
        const shown = inlineCode(text);
        expect(typesOf(shown)).toEqual(["root", "paragraph", "inlineCode"]);
        expect(withoutBreaks(textOf(shown))).toBe(oneLine(text, 200));
        expect(shown).not.toMatch(/#\d|GH-\d/i);
        const cells = markdownNodes(table(["a", "b"], [[shown, "after"]])).filter(
          (node) => node.type === "tableCell",
        );
        expect(cells).toHaveLength(4);
      }),
      { numRuns: 300 },
    );
  });

  test("says that a text is empty", () => {
    expect(inlineCode(" \u200b ")).toBe("(empty)");
  });
});

describe("blocks", () => {
  test("a fence is never closed by what it holds", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(typesOf(`${fencedBlock(text, "text")}\n\nafter`)).toEqual([
          "root",
          "code",
          "paragraph",
          "text",
        ]);
      }),
      { numRuns: 300 },
    );
  });

  test("a quote holds plain text only", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(oneLine(text) !== "");
        const types = new Set(typesOf(quoteBlock(text)));
        for (const harmless of ["root", "blockquote", "paragraph", "text"]) types.delete(harmless);
        expect([...types]).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("what is too long is cut and says so", () => {
    expect(fencedBlock("x".repeat(100_000), "", 50)).toContain("shortened: 100000 characters in all");
    expect(quoteBlock("line\n".repeat(100), 2)).toBe("> line\n> line\n>\n> … (98 more lines)");
  });
});

test("a cell keeps its table whole whatever stands in it", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const rows = table(["one", "two"], [[inlineText(text), `${inlineText(text)}\n${inlineCode(text)}`]]);
      const cells = markdownNodes(rows).filter((node) => node.type === "tableCell");
      expect(cells).toHaveLength(4);
    }),
    { numRuns: 300 },
  );
  expect(tableCell("a|b \\| c")).toBe("a\\|b \\| c");
});

describe("truncate", () => {
  test.each([
    { text: "short", limits: { charactersMax: 5 }, cut: "short" },
    { text: "longer", limits: { charactersMax: 5 }, cut: "long…" },
    { text: "😀😀😀", limits: { charactersMax: 4 }, cut: "😀…" },
    { text: "ééé", limits: { bytesMax: 5, notice: "." }, cut: "éé." },
    { text: "abcde\u0301\u0323f", limits: { charactersMax: 6 }, cut: "abcd…" },
    { text: `a${"\u0301".repeat(99)}`, limits: { charactersMax: 60 }, cut: `a${"\u0301".repeat(58)}…` },
  ])("cuts $text to $cut", ({ text, limits, cut }) => {
    expect(truncate(text, limits)).toBe(cut);
  });

  test("never goes over its limits and never cuts a character in two", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.integer({ min: 5, max: 40 }),
        (text, max) => {
          const cut = truncate(text, { charactersMax: max, bytesMax: max });
          expect(cut.length).toBeLessThanOrEqual(max);
          expect(bytesOf(cut)).toBeLessThanOrEqual(max);
          expect(cut.isWellFormed()).toBe(text.isWellFormed());
        },
      ),
    );
  });

  test("counts bytes as UTF-8 does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(bytesOf(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});

test("hidden text is taken out, and what never ends is kept to be seen", () => {
  expect(stripInvisible("a<!-- do this -->b<!-- never ends")).toBe("ab<!-- never ends");
  expect(stripInvisible("x\u{e0041}y\u2066z")).toBe("xyz");
});

test("only a plain web address becomes a link", () => {
  expect(linkTo("#5", "https://github.com/a/b/pull/5")).toBe("[#&#8203;5](https://github.com/a/b/pull/5)");
  expect(linkTo("x", "javascript:alert(1)")).toBe("x");
  expect(linkTo("x", "https://a.b/c)](evil")).toBe("x");
});
