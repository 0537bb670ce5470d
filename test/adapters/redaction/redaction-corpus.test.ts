import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { redactToPieces } from "../../../src/adapters/redaction/secretlint-redactor.ts";
import { readCorpus, type Score, scoreCorpus, scoreTable } from "../../build/redaction-corpus.ts";

const README = join(import.meta.dirname, "../../../evals/redaction/README.md");
const TEXTS_MIN = 800;
const LANGUAGES_MIN = 16;

interface Floors {
  readonly secret: number;
  readonly person: number;
  /** Of every other kind: personal data that has a form. */
  readonly other: number;
  readonly precision: number;
}

/** Just under what was measured. What nobody tuned for is the honest figure, and has floors of its own. */
const FLOORS: Readonly<Record<string, Floors>> = {
  tuned: { secret: 0.99, person: 0.93, other: 0.95, precision: 0.98 },
  "held-out": { secret: 0.99, person: 0.97, other: 0.95, precision: 0.98 },
  unseen: { secret: 0.75, person: 0.6, other: 0.95, precision: 0.97 },
};

async function redact(text: string) {
  return (await redactToPieces([text]))[0] ?? [];
}

test("the corpus is large and in many languages, and two of five texts hold nothing that has to go", () => {
  const texts = Object.keys(FLOORS).flatMap(readCorpus);
  expect(texts.length).toBeGreaterThanOrEqual(TEXTS_MIN);
  expect(new Set(texts.map(({ language }) => language)).size).toBeGreaterThanOrEqual(LANGUAGES_MIN);
  expect(texts.filter(({ labels }) => labels.length === 0).length).toBeGreaterThanOrEqual(TEXTS_MIN * 0.4);
  expect(texts.filter(({ text }) => /⟦|¦|unknown encoding/.test(text))).toEqual([]);
});

test.each(Object.entries(FLOORS))("%s: recall and precision hold their floors", async (part, floors) => {
  const { rows, overall, errors } = await scoreCorpus(readCorpus(part), redact);
  const shown = errors.map(({ what, kind, shown: text }) => `${what} (${kind}): ${text}`).join("\n");
  const measured = {
    secret: recallOf(rows, isSecret),
    person: recallOf(rows, isPerson),
    other: recallOf(rows, isOther),
  };
  const low = [
    ...(["secret", "person", "other"] as const).filter((kind) => measured[kind] < floors[kind]),
    ...(overall.precision < floors.precision ? ["precision"] : []),
  ];
  expect({ low, shown: low.length > 0 ? shown : "" }).toEqual({ low: [], shown: "" });
  expectPublished(scoreTable([...rows, overall]));
});

const isSecret = ({ kind }: Score): boolean => kind === "secret";
const isPerson = ({ kind }: Score): boolean => kind === "person";
const isOther = (row: Score): boolean => !isSecret(row) && !isPerson(row);

function recallOf(rows: readonly Score[], isMeant: (row: Score) => boolean): number {
  const meant = rows.filter(isMeant);
  const labelled = meant.reduce((sum, row) => sum + row.labelled, 0);
  return labelled === 0 ? 1 : meant.reduce((sum, row) => sum + row.replaced, 0) / labelled;
}

/** The figures that people read are those that were measured. */
function expectPublished(table: string): void {
  const readme = readFileSync(README, "utf8");
  if (!readme.includes(table)) process.stderr.write(`evals/redaction/README.md does not hold:\n${table}\n`);
  expect(readme.includes(table)).toBe(true);
}
