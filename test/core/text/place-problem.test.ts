import { expect, test } from "@jest/globals";
import { placeProblem } from "../../../src/core/text/place-problem.ts";
import { readYamlDocument } from "../../../src/core/yaml-document.ts";

test.each([
  { text: "a: 1\nb:\n  cd: 2\n", place: "b.cd", says: [3, 3] },
  { text: "gate: { trials: { pull_request: 0 } }\n", place: "gate.trials.pull_request", says: [1, 19] },
  { text: '[{ "name": 1, "names": 2 }]', place: "[0].names", says: [1, 15] },
  {
    text: "- gates: [prompt, tols]\n",
    place: "[0].gates[1]",
    got: '"tols" (did you mean tools?)',
    says: [1, 19],
  },
  { text: "list:\n  - - deep\n", place: "list[0][0]", got: "else", says: [2, 7] },
  { text: "a:\n  b: 1\n", place: "a.missing", got: "nothing", says: [1, 1] },
  { text: 'a:\n  "odd key": 1\n', place: 'a["odd key"]', says: [2, 3] },
  { text: "a: 1\n", place: "the file", got: "something else", says: [1, 1] },
  { text: "[{", place: "", got: "Expected '}' in JSON at position 2 (line 1 column 3)", says: [1, 3] },
  { text: "a.b: 1\r\nid: x\r\n", place: "id", says: [2, 1] },
])("$place of $text stands at $says", ({ text, place, got = "0", says }) => {
  const read = readYamlDocument(text);
  const lines = read.kind === "parsed" ? read.value.lines : new Map();
  const { line, column } = placeProblem({ at: place, expected: "more", got }, place, { text, lines });
  expect([line, column]).toEqual(says);
});
