import { expect, test } from "@jest/globals";
import { parsePostmortem } from "../../../src/core/incident/parse-postmortem.ts";
import { readFailures, readSignal } from "../../../src/core/incident/read-taxonomy.ts";

test.each([
  ["- [x] hallucination\n- [ ] cost\n- [X] latency", ["hallucination", "latency"]],
  ["* [ ] hallucination\n* [] cost", []],
  ["1. [x] format error", ["format_error"]],
  ["- hallucination\n- cost", ["hallucination", "cost"]],
])("of check boxes only the checked ones count: %j", (text, types) => {
  expect(readFailures(text)).toEqual({ types, tags: [], problems: [] });
});

test("a signal and a severity may be check boxes", () => {
  expect(readSignal("- [ ] incident\n- [x] near miss").found).toEqual(["near_miss"]);
  const issue = { number: 1, title: "", body: "### Severity\n\n- [ ] S1\n- [x] S3\n", author: "tom" };
  expect(parsePostmortem(issue).postmortem.severity).toBe("S3");
});
