import type { Document } from "../fixture/fixture.ts";
import type { JsonObject, JsonValue } from "../json.ts";

/** How many documents a search serves. */
export const SERVED_MAX = 3;
const SERVED_LENGTH_MAX = 8_000;
const QUERY_TERMS_MAX = 200;

// Okapi BM25 with its usual constants: how fast repetition saturates, and how much length counts.
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.75;

interface IndexedDocument {
  readonly document: Document;
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

interface DocumentIndex {
  readonly documents: readonly IndexedDocument[];
  readonly holders: ReadonlyMap<string, number>;
  readonly meanLength: number;
}

// An agent's documents are the same for every trial of a commit; reading them once is enough.
const indexes = new WeakMap<readonly Document[], DocumentIndex>();

/** Ranks documents by the words that they share with the query, best first; the same query always gives the same list. */
export function searchDocuments(documents: readonly Document[], query: string): readonly Document[] {
  const index = indexOf(documents);
  const terms = [...new Set(wordsOf(query))].slice(0, QUERY_TERMS_MAX);
  return index.documents
    .map((indexed, order) => ({ indexed, order, score: scoreOf(indexed, terms, index) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, SERVED_MAX)
    .map(({ indexed }) => served(indexed.document));
}

/** Takes the words to search for out of a call, whatever its parameters are called. */
export function queryOf(callArguments: JsonObject): string {
  return textsIn(callArguments).join(" ");
}

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function served(document: Document): Document {
  const { content } = document;
  if (content.length <= SERVED_LENGTH_MAX) return document;
  return { ...document, content: `${content.slice(0, SERVED_LENGTH_MAX)} […]` };
}

function scoreOf(indexed: IndexedDocument, terms: readonly string[], index: DocumentIndex): number {
  let score = 0;
  for (const term of terms) {
    const count = indexed.counts.get(term) ?? 0;
    if (count === 0) continue;
    const holders = index.holders.get(term) ?? 0;
    const rarity = Math.log(1 + (index.documents.length - holders + 0.5) / (holders + 0.5));
    const lengthFactor = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * (indexed.length / index.meanLength);
    score += (rarity * count * (SATURATION + 1)) / (count + SATURATION * lengthFactor);
  }
  return score;
}

function indexOf(documents: readonly Document[]): DocumentIndex {
  const known = indexes.get(documents);
  if (known !== undefined) return known;
  const built = buildIndex(documents);
  indexes.set(documents, built);
  return built;
}

function buildIndex(documents: readonly Document[]): DocumentIndex {
  const holders = new Map<string, number>();
  const indexed = documents.map((document) => {
    // The source's name is part of what a document is about: `refund_policy` answers a search for refunds.
    const words = wordsOf(`${document.source} ${document.content}`);
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const word of counts.keys()) holders.set(word, (holders.get(word) ?? 0) + 1);
    return { document, counts, length: words.length };
  });
  const total = indexed.reduce((sum, { length }) => sum + length, 0);
  return { documents: indexed, holders, meanLength: Math.max(1, total / Math.max(1, indexed.length)) };
}

function wordsOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(stem);
}

/** Brings an English plural to its singular, so that `refunds` finds `refund`. */
function stem(word: string): string {
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}
