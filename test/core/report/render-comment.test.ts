import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { configSchema } from "../../../src/core/config/config.ts";
import type { IncidentAnswer } from "../../../src/core/report/incident-answer.ts";
import {
  renderHelp,
  renderIncidentAnswer,
  SMALLEST_CONFIGURATION,
} from "../../../src/core/report/render-comment.ts";
import { bytesOf } from "../../../src/core/text/markdown.ts";
import { aProposal, aReproducedDraft } from "../../build/answers.ts";
import { expectGolden } from "../../build/golden.ts";
import { liveText, markdownNodes } from "../../build/markdown.ts";

const url = "https://github.com/acme/shop/pull/57";
const answers: Readonly<Record<string, IncidentAnswer>> = {
  "not-configured": { kind: "not_configured" },
  "configuration-broken": {
    kind: "configuration_broken",
    problems: [{ at: "agents.refund.sistem", expected: "system", got: "an unknown key", line: 6 }],
  },
  "not-allowed": { kind: "not_allowed", login: "passer-by" },
  incomplete: {
    kind: "incomplete",
    missing: [
      { field: "user_input", label: "What the user sent", ask: "Paste the message that the agent answered." },
      {
        field: "expected",
        label: "What it should have done",
        ask: "Say what a good answer would have been.",
      },
      { field: "agent", label: "Agent", ask: "Name one of: refund, escalation." },
    ],
    problems: [{ at: "Severity", expected: "S1 | S2 | S3 | S4", got: "sev-9" }],
  },
  "no-fixture": {
    kind: "no_fixture",
    triage: {
      kind: "skip",
      row: "one_off_infrastructure",
      because: "The database was down; the agent did what it should.",
    },
  },
  "keep-trace": {
    kind: "no_fixture",
    triage: {
      kind: "keep_trace",
      row: "recovered",
      because: "The agent recovered from the tool's error by itself.",
    },
  },
  duplicate: {
    kind: "duplicate",
    fixtures: [{ id: "refund-approval-bypass", path: "evals/incidents/INC-1/refund-approval-bypass.yml" }],
  },
  proposed: { kind: "proposed", proposed: aProposal(), pullRequest: 57, url },
  "proposed-several": {
    kind: "proposed",
    pullRequest: 57,
    url,
    proposed: aProposal({
      redactions: {},
      drafts: [
        aReproducedDraft({ kind: "flaky", failed: 4, trials: 10, sha: "1a2b3c4d5e6f" }),
        aReproducedDraft({ kind: "does_not_reproduce", trials: 10, sha: "1a2b3c4d5e6f" }),
        aReproducedDraft({ kind: "undecided", because: "the app has no model key" }),
      ],
    }),
  },
  "edited-by-people": { kind: "left_alone", because: "edited_by_people", pullRequest: 57, url },
  rejected: { kind: "left_alone", because: "rejected", pullRequest: 57, url },
  merged: { kind: "left_alone", because: "merged", pullRequest: undefined, url: undefined },
  failed: { kind: "failed", system: "anthropic", message: "529 overloaded" },
};

describe("the answer to an incident", () => {
  test.each(Object.entries(answers))("reads as agreed: %s", (name, answer) => {
    expectGolden(`report/answer-${name}.md`, `${renderIncidentAnswer(answer)}\n`);
  });

  test("shows what others wrote and does nothing else with it, however long it is", () => {
    const hostile = "@octocat <img src=x> ``` #1 [a](https://evil.example) <!-- x --> ".repeat(2_000);
    const draft = aReproducedDraft({ kind: "undecided", because: hostile });
    const hostileAnswers: readonly IncidentAnswer[] = [
      { kind: "not_allowed", login: hostile },
      {
        kind: "incomplete",
        missing: [{ field: "agent", label: "Agent", ask: hostile }],
        problems: [{ at: hostile, expected: hostile, got: hostile }],
      },
      { kind: "no_fixture", triage: { kind: "skip", row: hostile, because: hostile } },
      { kind: "duplicate", fixtures: Array.from({ length: 500 }, () => ({ id: "a", path: hostile })) },
      { kind: "failed", system: hostile, message: hostile },
      {
        kind: "proposed",
        pullRequest: 1,
        url: `https://evil.example/)${hostile}`,
        proposed: aProposal({
          redactions: { [hostile]: 3 },
          drafts: Array.from({ length: 50 }, () => ({
            ...draft,
            draft: { ...draft.draft, unknown: Array(500).fill(hostile) },
          })),
        }),
      },
    ];
    for (const text of hostileAnswers.map(renderIncidentAnswer)) {
      expect(bytesOf(text)).toBeLessThanOrEqual(60_000);
      expect(liveText(text)).not.toMatch(/@octocat|#1\b|evil\.example\//);
      expect(
        markdownNodes(text).filter(({ type }) => type === "link" || type === "image" || type === "html"),
      ).toEqual([]);
    }
  });
});

test("the configuration that we offer to copy is one that we read", () => {
  expect(configSchema.safeParse(parse(SMALLEST_CONFIGURATION)).success).toBe(true);
});

test("help lists the commands that there are", () => {
  expectGolden("report/help.md", `${renderHelp()}\n`);
});
