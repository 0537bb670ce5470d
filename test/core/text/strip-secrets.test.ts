import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  indexForms,
  STRIPPED,
  secretForms,
  stripForms,
  stripJson,
} from "../../../src/core/text/strip-secrets.ts";
import { aPrivateKey } from "../../build/keys.ts";

/** The ways in which a text leaves a process, with what may stand around it. */
const ENCODINGS = {
  plain: (text: string) => text,
  "JSON text": (text: string) => JSON.stringify({ text }),
  "JSON text inside JSON text": (text: string) => JSON.stringify(JSON.stringify({ text })),
  "an address": (text: string) => `https://example.com/?q=${encodeURIComponent(text)}`,
  "an address in small letters": (text: string) =>
    encodeURIComponent(text).replaceAll(/%../g, (code) => code.toLowerCase()),
  "a form": (text: string) => new URLSearchParams({ text }).toString(),
  HTML: (text: string) => `<p>${htmlOf(text)}</p>`,
  base64: (text: string) => Buffer.from(text).toString("base64"),
  "base64 for addresses": (text: string) => Buffer.from(text).toString("base64url"),
  hex: (text: string) => Buffer.from(text).toString("hex"),
  "hex in capitals": (text: string) => Buffer.from(text).toString("hex").toUpperCase(),
  "hex in letters of both sizes": (text: string) =>
    Buffer.from(text)
      .toString("hex")
      .replaceAll(/../g, (pair) => pair.slice(0, 1).toUpperCase() + pair.slice(1)),
  "base64 over several lines": (text: string) => inLines(base64(text), "\n"),
  "base64 as MIME writes it": (text: string) => inLines(base64(text), "\r\n"),
  "base64 over several lines, in JSON": (text: string) => JSON.stringify(inLines(base64(text), "\n")),
  "base64 as MIME writes it, in JSON": (text: string) => JSON.stringify(inLines(base64(text), "\r\n")),
  "base64 of base64": (text: string) => base64(base64(text)),
  "base64 of base64 over several lines": (text: string) => base64(inLines(base64(text), "\n")),
  "base64 of characters of two bytes": (text: string) => Buffer.from(text, "utf16le").toString("base64"),
  "an escape for each character": (text: string) => ofEachUnit(text, (unit) => `\\u${hexOf(unit, 4)}`),
  "escaped slashes in JSON": (text: string) => JSON.stringify(text).replaceAll("/", "\\/"),
  "an address that encodes each character": (text: string) =>
    [...Buffer.from(text)].map((byte) => `%${hexOf(byte, 2)}`).join(""),
  "decimal HTML entities": (text: string) => ofEachUnit(text, (unit) => `&#${unit};`),
  "hex HTML entities": (text: string) => ofEachUnit(text, (unit) => `&#x${hexOf(unit, 1)};`),
  "a buffer in JSON": (text: string) => JSON.stringify(Buffer.from(text)),
  "a buffer in indented JSON": (text: string) => JSON.stringify(Buffer.from(text), null, 2),
} as const;
type Encoding = keyof typeof ENCODINGS;
const NAMES = Object.keys(ENCODINGS) as Encoding[];

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function inLines(text: string, lineBreak: string): string {
  return text.replaceAll(/.{76}/g, (line) => line + lineBreak);
}

function ofEachUnit(text: string, write: (unit: number) => string): string {
  return Array.from({ length: text.length }, (_unit, at) => write(text.charCodeAt(at))).join("");
}

function hexOf(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}

function htmlOf(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "amp",
    "<": "lt",
    ">": "gt",
    '"': "quot",
    "'": "#39",
  };
  return text.replaceAll(/[&<>"']/g, (character) => `&${names[character]};`);
}

function strip(text: string, ...secrets: readonly string[]): string {
  return stripForms(text, indexForms(secrets.flatMap(secretForms)));
}

test.each(NAMES)("a secret does not survive in %s", (name) => {
  const secret = `s3cr3t/with+"every" <kind> & 'more' ~(ü)!`;
  const stripped = strip(ENCODINGS[name](secret), secret);
  expect(stripped).toContain(STRIPPED);
  expect(stripped).not.toContain("cr3t");
});

test.each([0, 1, 2, 3, 4])("a secret inside a longer base64 text does not survive, %i bytes in", (offset) => {
  const secret = "the-secret-of-the-webhook";
  const text = Buffer.from(`${"x".repeat(offset)}${secret}, and more`).toString("base64");
  const left = Buffer.from(strip(text, secret).replace(STRIPPED, "A"), "base64").toString("utf8");
  expect(left).not.toContain("secret-of-the-web");
});

test("of any secret, in any encoding and any surroundings, nothing survives", () => {
  const secrets = fc
    .string({ unit: "binary", minLength: 6, maxLength: 60 })
    .filter((text) => !STRIPPED.includes(text));
  fc.assert(
    fc.property(
      secrets,
      fc.string(),
      fc.string(),
      fc.constantFrom(...NAMES),
      (secret, before, after, name) => {
        const encode = ENCODINGS[name];
        const stripped = strip(encode(before + secret + after), secret);
        for (const form of secretForms(secret)) expect(stripped.includes(form)).toBe(STRIPPED.includes(form));
        expect(stripped).toContain(STRIPPED);
      },
    ),
  );
});

test("no line of a private key survives, nor its body in one line", () => {
  const key = aPrivateKey();
  const lines = key.split("\n").filter((line) => line.length > 32);
  for (const text of [
    key,
    lines.join(""),
    lines.join(" "),
    lines[3] ?? "",
    Buffer.from(key).toString("base64"),
  ]) {
    const stripped = strip(text, key);
    expect(stripped).toContain(STRIPPED);
    expect(lines.filter((line) => stripped.includes(line))).toEqual([]);
  }
});

test.each([
  ["an installation's token", "ghs_16C7e42F292c6912E7710c838347Ae178B4a"],
  ["an installation's long token", `ghs_1234_${"eyJh.".repeat(40)}x`],
  ["a person's token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"],
  ["a token for one purpose", `github_pat_${"11ABCDE0Y0".repeat(8)}`],
  ["a private key", aPrivateKey().trim()],
])("%s is taken out although nobody named it", (_what, token) => {
  expect(strip(`before ${token} after`)).toBe(`before ${STRIPPED} after`);
});

test("the longer of two secrets is replaced whole", () => {
  expect(strip("key=abcdef-and-more", "abcdef", "abcdef-and-more")).toBe(`key=${STRIPPED}`);
});

test("what is too short to be a secret stays", () => {
  expect(strip("a password such as abc", "abc")).toBe("a password such as abc");
});

test("JSON stays JSON: texts, keys and numbers are stripped, the rest is as it was", () => {
  const value = { a: ["swordfish!", 1, null, true], "swordfish!": { n: 998877 }, m: 5 };
  const stripped = stripJson(value, (text) => strip(text, "swordfish!", "998877"));
  expect(stripped).toEqual({ a: [STRIPPED, 1, null, true], [STRIPPED]: { n: STRIPPED }, m: 5 });
});
