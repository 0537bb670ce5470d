import { expect, test } from "@jest/globals";
import { isCommand, parseCommand } from "../../../src/app/jobs/parse-command.ts";

test.each([
  ["/incident-to-eval draft", { kind: "draft" }],
  ["/incident-to-eval run", { kind: "run" }],
  ["/incident-to-eval   RERUN  now please", { kind: "rerun" }],
  ["/incident-to-eval help", { kind: "help" }],
  ["/incident-to-eval", { kind: "help" }],
  ["/incident-to-eval explain", { kind: "explain", fixture: undefined }],
  ["/incident-to-eval explain asks-first", { kind: "explain", fixture: "asks-first" }],
  [
    "/incident-to-eval triage blocking because money has moved",
    { kind: "triage", level: "blocking", reason: "money has moved" },
  ],
  [
    "/incident-to-eval Triage SKIP the data was bad",
    { kind: "triage", level: "skip", reason: "the data was bad" },
  ],
  [
    "/incident-to-eval override the provider is down",
    { kind: "override", sha: undefined, reason: "the provider is down" },
  ],
  [
    "/incident-to-eval override 1A2B3C4 the provider is down",
    { kind: "override", sha: "1a2b3c4", reason: "the provider is down" },
  ],
  [
    "/incident-to-eval override defaced pages come first",
    { kind: "override", sha: undefined, reason: "defaced pages come first" },
  ],
  [
    "/incident-to-eval override release 1a2b3c4 fixes the outage of today",
    { kind: "override_release", sha: "1a2b3c4", reason: "fixes the outage of today" },
  ],
  [
    "/incident-to-eval quarantine asks-first it depends on the weather",
    { kind: "quarantine", fixture: "asks-first", days: 14, reason: "it depends on the weather" },
  ],
  [
    "/incident-to-eval quarantine asks-first 30d because it depends on the weather",
    { kind: "quarantine", fixture: "asks-first", days: 30, reason: "it depends on the weather" },
  ],
  ["/incident-to-eval dance", { kind: "unknown", word: "dance" }],
  ["/incident-to-eval toString", { kind: "unknown", word: "toString" }],
])("%s is read as %o", (line, command) => {
  expect(isCommand(line)).toBe(true);
  expect(parseCommand(line)).toEqual(command);
});

test.each(["hello", "/incident-to-evaluate run", "see /incident-to-eval run", "> /incident-to-eval run", ""])(
  "%s asks nothing of us",
  (line) => {
    expect(isCommand(line)).toBe(false);
  },
);

test.each([
  ["/incident-to-eval override", "override", /3 words/],
  ["/incident-to-eval override 1a2b3c4", "override", /3 words/],
  ["/incident-to-eval override lgtm", "override", /3 words/],
  ["/incident-to-eval override release soon please now", "override release", /id of a commit/],
  ["/incident-to-eval override release 1a2b3c4", "override release", /3 words/],
  ["/incident-to-eval triage high it is bad", "triage", /blocking, warning, exploratory, skip/],
  ["/incident-to-eval triage blocking because", "triage", /3 words/],
  ["/incident-to-eval quarantine", "quarantine", /id of a fixture/],
  ["/incident-to-eval quarantine ../x it wavers a lot", "quarantine", /id of a fixture/],
  ["/incident-to-eval quarantine asks-first 31d it wavers a lot", "quarantine", /30 days at most/],
  ["/incident-to-eval quarantine asks-first 5d", "quarantine", /3 words/],
  ["/incident-to-eval explain A/B", "explain", /id of a fixture/],
])("%s cannot be followed, and it is said how %s is meant", (line, word, expected) => {
  const usage = expect.stringContaining(`/incident-to-eval ${word}`);
  expect(parseCommand(line)).toEqual({
    kind: "misused",
    word,
    expected: expect.stringMatching(expected),
    usage,
  });
});
