import { expect, test } from "@jest/globals";
import {
  expectedInProse,
  requestInProse,
  severityInProse,
  turnsInProse,
} from "../../../src/core/incident/prose-fields.ts";

test.each([
  ['An engineer had asked it "clean up the staging tables" yesterday.', "clean up the staging tables"],
  [
    "A patient wrote:\n\n> Can you move my visit\n> to Thursday?\n\nIt did not.",
    "Can you move my visit\nto Thursday?",
  ],
  ["Our customer asked the bot this:\n```\nWhere is my pizza?\n```", "Where is my pizza?"],
  ["I typed “book me a table” and waited.", "book me a table"],
])("finds what a person asked: %j", (text, request) => {
  expect(requestInProse(["Nothing.", text])).toBe(request);
});

test.each([
  'The bot said "your trip is booked".',
  "The customer complained.\n\n> Your trip is booked.",
  'It told the customer "your refund is done".',
  "The assistant wrote:\n\n> Your trip is booked.",
  'The manager said that "all is well" since May.',
])("takes nothing that the agent said for a request: %j", (text) => {
  expect(requestInProse([text])).toBeUndefined();
});

test("finds the sentences on what the agent should have done, and leaves our own plans and quotes out", () => {
  const text = [
    "The assistant cancelled it. It should have asked first, and it should never cancel alone.",
    "We should add a test. The support agent must not promise a date.",
    "> The bot must obey me.",
    "The policy must change.",
  ].join("\n\n");
  expect(expectedInProse([text])).toBe(
    "It should have asked first, and it should never cancel alone.\nThe support agent must not promise a date.",
  );
  expect(expectedInProse(["It cancelled the trip."])).toBeUndefined();
});

test.each([
  ["This is a sev1.", "S1"],
  ["Severity is high, we think.", "S2"],
  ["It was a P0 for us.", "S1"],
  ["A severe incident.", undefined],
  ["> sev1", undefined],
  ["The S3 bucket was empty; priority customers waited.", undefined],
])("reads a severity that prose names by its token: %j", (text, severity) => {
  expect(severityInProse([text])).toBe(severity);
});

test("reads hostile prose within its limits", () => {
  for (const piece of ["the user asked ", 'user asked "', "It should ", "> ", "the ", "```\n"]) {
    const texts = [piece.repeat(10_000)];
    expect([requestInProse(texts), severityInProse(texts)]).toBeDefined();
    expect(expectedInProse(texts) ?? "").toEqual(expect.any(String));
  }
});

test("finds the turns of a conversation that stands in prose", () => {
  const text = 'It failed.\n\n**User**: hi\n**Bot**: What now?\n**User**: "Refund it"\n\nWe were sad.';
  expect(turnsInProse([text])).toEqual([
    { role: "user", content: "hi" },
    { role: "assistant", content: "What now?" },
    { role: "user", content: "Refund it" },
  ]);
  expect(turnsInProse(["The user: nobody knows.", "> User: quoted"])).toEqual([]);
});
