import { expect, test } from "@jest/globals";
import { queryOf, SERVED_MAX, searchDocuments } from "../../../src/core/trajectory/retrieval.ts";

const DOCUMENTS = [
  { source: "shipping", content: "Parcels travel for three days. Lost parcels are sent again." },
  { source: "refund_policy", content: "Refunds over 100 need approval by a person." },
  { source: "returns", content: "Customers return goods within 30 days. A refund follows the return." },
  { source: "greeting", content: "Say hello." },
  { source: "bank", content: "A refund takes two days at the bank, and one refund is one booking." },
];

test.each([
  { query: "refund approval", first: "refund_policy" },
  { query: "how long does a PARCEL travel?", first: "shipping" },
  { query: "refunds", first: "refund_policy" },
  { query: "two days of booking", first: "bank" },
])("a search for $query serves $first first", ({ query, first }) => {
  expect(searchDocuments(DOCUMENTS, query)[0]?.source).toBe(first);
});

test("no more than three documents are served, and none that shares no word", () => {
  const served = searchDocuments(DOCUMENTS, "refund days person hello");
  expect(served).toHaveLength(SERVED_MAX);
  expect(searchDocuments(DOCUMENTS, "quantum chromodynamics")).toEqual([]);
  expect(searchDocuments([], "refund")).toEqual([]);
});

test("documents of the same worth come in their own order", () => {
  const twins = ["b", "a"].map((source) => ({ source, content: "the same words" }));
  expect(searchDocuments(twins, "same words").map(({ source }) => source)).toEqual(["b", "a"]);
});

test("a long document is cut", () => {
  const [served] = searchDocuments([{ source: "long", content: "refund ".repeat(10_000) }], "refund");
  expect(served?.content.length).toBeLessThan(8_100);
});

test("the query is all the text of a call, whatever its parameters are called", () => {
  expect(queryOf({ q: "refund", filters: { topics: ["policy", "limits"], since: 2024 }, fuzzy: true })).toBe(
    "refund policy limits 2024",
  );
});
