import { expect, test } from "@jest/globals";
import { isCommand, parseCommand } from "../../../src/app/jobs/parse-command.ts";

test.each([
  ["/incident-to-eval draft", { kind: "draft" }],
  ["/incident-to-eval run", { kind: "run" }],
  ["/incident-to-eval   RERUN  now please", { kind: "rerun" }],
  ["/incident-to-eval help", { kind: "help" }],
  ["/incident-to-eval", { kind: "help" }],
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
