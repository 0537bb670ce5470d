import { describe, expect, test } from "@jest/globals";
import type { ProposedFixtures } from "../../../src/core/report/incident-answer.ts";
import { proposeFixtures } from "../../../src/core/report/propose-fixtures.ts";
import { bytesOf } from "../../../src/core/text/markdown.ts";
import { aProposal, aReproducedDraft, aToldPostmortem } from "../../build/answers.ts";
import { aFixture } from "../../build/fixtures.ts";
import { expectGolden } from "../../build/golden.ts";
import { liveText, markdownNodes } from "../../build/markdown.ts";

const proposalOf = (proposed: ProposedFixtures) =>
  proposeFixtures({
    proposed,
    files: [{ path: "evals/incidents/INC-1/a.yml", content: "id: a\n" }],
    branch: "incident-to-eval/issue-42",
    base: { branch: "main", sha: "abc1234" },
    reviewers: ["acme/support-platform"],
  });

describe("the pull request that proposes fixtures", () => {
  test.each([
    { name: "one", proposed: aProposal() },
    {
      name: "several",
      proposed: aProposal({
        draftedBy: "claude-sonnet-4-5",
        nearest: [],
        redactions: {},
        drafts: [
          aReproducedDraft({ kind: "does_not_reproduce", trials: 10, sha: "1a2b3c4d5e6f" }),
          aReproducedDraft(undefined, {
            draft: {
              fixture: aFixture({
                id: "refund-promise",
                failure_type: "hallucination",
                level: "warning",
              }),
              dropped: [],
              unknown: [],
            },
            minimised: undefined,
          }),
        ],
      }),
    },
  ])("reads as agreed: $name", ({ name, proposed }) => {
    const { title, commitMessage, body } = proposalOf(proposed);
    expectGolden(`report/proposal-${name}.md`, `# ${title}\n\n${commitMessage}\n\n----\n\n${body}\n`);
  });

  test("has title, commit message and branch of ours alone, whatever the issue says", () => {
    const hostile = "Fixes #1 [skip ci]\nCo-authored-by: x <x@example.com>";
    const proposal = proposalOf(
      aProposal({ postmortem: aToldPostmortem({ title: hostile, incident: hostile, author: hostile }) }),
    );
    expect(proposal.title).toBe("Eval for incident #42: skipped_approval (refund)");
    expect(proposal.commitMessage).toBe(
      "Add the eval for incident #42\n\n- refund-approval-bypass\n\nRefs #42",
    );
    expect(proposal.body).not.toMatch(/\b(fix|clos|resolv)(es|ed)? #\d/i);
  });

  test("keeps a title short when there are many failure types", () => {
    const types = [
      "hallucination",
      "instruction_violation",
      "safety_violation",
      "tool_misuse",
      "skipped_approval",
      "incomplete_task",
      "latency",
    ] as const;
    const drafts = types.map((type) => {
      const draft = aReproducedDraft();
      return {
        ...draft,
        draft: {
          ...draft.draft,
          fixture: aFixture({ id: type.replace("_", "-"), failure_type: type }),
        },
      };
    });
    expect(proposalOf(aProposal({ drafts })).title).toBe("Evals for incident #42");
  });

  test("refuses an id that is not plain: it would be our bug", () => {
    const draft = aReproducedDraft();
    const proposed = aProposal({
      drafts: [{ ...draft, draft: { ...draft.draft, fixture: { ...aFixture(), id: "a\nFixes #1" } } }],
    });
    expect(() => proposalOf(proposed)).toThrow();
  });

  test("shows what others wrote and does nothing else with it, however long it is", () => {
    const hostile = "@octocat <img src=x> ``` #1 [a](https://evil.example/x)\n# Heading\n- [ ] task\n".repeat(
      1_500,
    );
    const draft = aReproducedDraft({ kind: "undecided", because: hostile });
    const { body } = proposalOf(
      aProposal({
        issueUrl: hostile,
        draftedBy: hostile,
        postmortem: aToldPostmortem({
          author: hostile,
          observed: hostile,
          expected: hostile,
          messages: Array(50).fill({ role: "user", content: hostile }),
        }),
        triage: { kind: "skip", row: hostile, because: hostile },
        drafts: Array.from({ length: 12 }, () => ({
          ...draft,
          path: hostile,
          minimised: draft.minimised && { ...draft.minimised, removed: [hostile] },
          draft: { ...draft.draft, dropped: [hostile], unknown: [hostile] },
        })),
        nearest: Array.from({ length: 100 }, () => ({ id: "a", path: hostile, nearness: 0.5 })),
      }),
    );
    expect(bytesOf(body)).toBeLessThanOrEqual(60_000);
    expect(liveText(body)).not.toMatch(/@octocat|#1\b|:\/\/evil/);
    expect(
      markdownNodes(body).filter(({ type }) => type === "link" || type === "image" || type === "html"),
    ).toEqual([]);
    expect(body).toContain("Refs #42");
  });
});
