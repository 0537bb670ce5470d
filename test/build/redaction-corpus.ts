import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Piece } from "../../src/adapters/redaction/secretlint-redactor.ts";
import { stripHiddenCharacters } from "../../src/core/text/hidden-characters.ts";

const FOLDER = join(import.meta.dirname, "../../evals/redaction");
/** Breaks the values apart in the files, so that no scanner takes the corpus for a leak. */
const JOINER = "¦";
const LABELLED = /⟦(\w+)(?:=(\w+))?:([^⟧]*)⟧/g;
const WRAPPED_AT = 24;

/** A value that has to go: its kind, and where it stands in the text. */
interface Label {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** One labelled text of the corpus. */
export interface CorpusText {
  readonly file: string;
  readonly language: string;
  readonly text: string;
  readonly labels: readonly Label[];
}

/** Reads one part of the corpus under `evals/redaction`. */
export function readCorpus(part: string): readonly CorpusText[] {
  const folder = join(FOLDER, part);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yml"))
    .sort()
    .flatMap((file) => {
      const entries: readonly Readonly<Record<string, string>>[] = parse(
        readFileSync(join(folder, file), "utf8"),
      );
      return entries
        .flatMap((entry) => Object.entries(entry))
        .map(([language, marked]) => ({ file, language, ...readLabels(marked) }));
    });
}

function readLabels(marked: string): Pick<CorpusText, "text" | "labels"> {
  const labels: Label[] = [];
  let text = "";
  let at = 0;
  for (const match of marked.matchAll(LABELLED)) {
    const [whole, kind = "", encoding = "none", value = ""] = match;
    text += marked.slice(at, match.index);
    // Places are those of the text without the characters that nobody sees.
    const start = stripHiddenCharacters(text).length;
    text += ENCODINGS[encoding]?.(value.replaceAll(JOINER, "")) ?? `unknown encoding ${encoding}`;
    labels.push({ kind, start, end: stripHiddenCharacters(text).length });
    at = match.index + whole.length;
  }
  return { text: (text + marked.slice(at)).replaceAll(JOINER, ""), labels };
}

const base64 = (value: string): string => Buffer.from(value).toString("base64");
const inLines = (value: string, mark: string): string =>
  value.replace(new RegExp(`(.{${WRAPPED_AT}})(?=.)`, "g"), `$1\n${mark}`);
const hexOf = (character: string): string => character.charCodeAt(0).toString(16);

/** The ways in which a value may be written; the files hold it in plain letters. */
const ENCODINGS: Readonly<Record<string, (value: string) => string>> = {
  none: (value) => value,
  base64,
  base64x2: (value) => base64(base64(value)),
  base64url: (value) => Buffer.from(value).toString("base64url"),
  base64lines: (value) => inLines(base64(value), ""),
  hex: (value) => Buffer.from(value).toString("hex"),
  percent: encodeURIComponent,
  percentall: (value) => value.replace(/./g, (character) => `%${hexOf(character).padStart(2, "0")}`),
  entities: (value) => value.replace(/[\W_]|^./g, (character) => `&#x${hexOf(character)};`),
  json: (value) => value.replace(/[\W_]|^./g, (character) => `\\u${hexOf(character).padStart(4, "0")}`),
  fullwidth: (value) =>
    value.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)),
  zerowidth: (value) => [...value].join("\u200b"),
  bidi: (value) => `${value.slice(0, 3)}\u202e${value.slice(3)}\u202c`,
  wrapped: (value) => inLines(value, ""),
  wrappedquote: (value) => inLines(value, "> "),
};

/** What was found of one kind, and what of it was right. */
export interface Score {
  readonly kind: string;
  readonly labelled: number;
  readonly replaced: number;
  readonly recall: number;
  readonly placeholders: number;
  readonly wrong: number;
  readonly precision: number;
}

/** Something that stayed, or that should have. */
export interface CorpusError {
  readonly kind: string;
  readonly what: "stayed" | "wrong" | "too much";
  readonly file: string;
  readonly shown: string;
}

/**
 * Counts what a redaction does to the corpus. A label is met where nothing of it but its marks is left; a placeholder
 * is right where it touches a label and takes at most a few characters beside it.
 */
export async function scoreCorpus(
  corpus: readonly CorpusText[],
  redact: (text: string) => Promise<readonly Piece[]>,
): Promise<{
  readonly rows: readonly Score[];
  readonly overall: Score;
  readonly errors: readonly CorpusError[];
}> {
  const met: { readonly kind: string; readonly isMet: boolean }[] = [];
  const placed: { readonly kind: string; readonly isRight: boolean }[] = [];
  const errors: CorpusError[] = [];
  for (const { file, text, labels } of corpus) {
    const pieces = await redact(text);
    const visible = stripHiddenCharacters(text);
    const shown = pieces.map((piece) => piece.text).join("");
    for (const label of labels) {
      const isMet = leftOf(visible, label, pieces).replace(/[^\p{L}\p{N}]/gu, "") === "";
      met.push({ kind: label.kind, isMet });
      if (!isMet) errors.push({ kind: label.kind, what: "stayed", file, shown });
    }
    for (const piece of pieces) {
      if (piece.kind === undefined) continue;
      const touched = labels.filter(({ start, end }) => piece.start < end && piece.end > start);
      const beside = besideOf(visible, piece, touched).replace(/[^\p{L}\p{N}]/gu, "").length;
      const isRight = touched.length > 0 && beside <= BESIDE_MAX;
      placed.push({ kind: touched[0]?.kind ?? piece.kind, isRight });
      if (!isRight)
        errors.push({ kind: piece.kind, what: touched.length > 0 ? "too much" : "wrong", file, shown });
    }
  }
  const kinds = [...new Set([...met, ...placed].map(({ kind }) => kind))].sort();
  const scoreOf = (kind: string, isOne: (one: { readonly kind: string }) => boolean): Score => {
    const [labelled, placeholders] = [met.filter(isOne), placed.filter(isOne)];
    const replaced = labelled.filter(({ isMet }) => isMet).length;
    const wrong = placeholders.filter(({ isRight }) => !isRight).length;
    return {
      kind,
      labelled: labelled.length,
      replaced,
      recall: share(replaced, labelled.length),
      placeholders: placeholders.length,
      wrong,
      precision: share(placeholders.length - wrong, placeholders.length),
    };
  };
  return {
    rows: kinds.map((kind) => scoreOf(kind, (one) => one.kind === kind)),
    overall: scoreOf("all", () => true),
    errors,
  };
}

/** Letters and digits beside a label that a placeholder may take with it. */
const BESIDE_MAX = 8;

function leftOf(visible: string, label: Label, pieces: readonly Piece[]): string {
  return pieces
    .filter(({ kind, start, end }) => kind === undefined && start < label.end && end > label.start)
    .map(({ start, end }) => visible.slice(Math.max(start, label.start), Math.min(end, label.end)))
    .join("");
}

function besideOf(visible: string, piece: Piece, labels: readonly Label[]): string {
  let left = "";
  let at = piece.start;
  for (const { start, end } of labels) {
    left += visible.slice(at, Math.max(at, start));
    at = Math.max(at, end);
  }
  return left + visible.slice(at, Math.max(at, piece.end));
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : Math.round((part / whole) * 1000) / 1000;
}

/** Prints scores as the table that the corpus publishes. */
export function scoreTable(rows: readonly Score[]): string {
  const lines = rows.map(({ kind, labelled, recall, placeholders, precision }) =>
    [kind, `${labelled}`, recall.toFixed(3), `${placeholders}`, precision.toFixed(3)].join(" | "),
  );
  return [
    "| kind | labelled | recall | replaced places | precision |",
    "|---|---|---|---|---|",
    ...lines.map((line) => `| ${line} |`),
  ].join("\n");
}
