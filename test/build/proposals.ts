import type { Annotation, CheckRun } from "../../src/core/report/check-run.ts";
import type { Proposal } from "../../src/core/report/proposal.ts";
import type { Tip } from "../../src/ports/repository.ts";

/** A proposal of one fixture for an incident. */
export function aProposal(base: Tip, change: Partial<Proposal> = {}): Proposal {
  return {
    branch: "incident-to-eval/issue-7",
    base,
    title: "Eval for the incident of issue 7",
    body: "What happened, and what the fixture asserts.",
    commitMessage: "Add the eval for issue 7",
    files: [{ path: "evals/incidents/issue-7/approval-bypass.yml", content: "id: approval-bypass\n" }],
    reviewers: [],
    ...change,
  };
}

/** A check run that has just begun. */
export function aCheckRun(headSha: string, change: Partial<CheckRun> = {}): CheckRun {
  return {
    name: "incident-to-eval / blocking",
    headSha,
    state: { kind: "in_progress" },
    title: "Running 3 fixtures",
    summary: "0 of 3 are done.",
    annotations: [],
    externalId: "run-1",
    ...change,
  };
}

/** A remark on the first line of a fixture. */
export function anAnnotation(change: Partial<Annotation> = {}): Annotation {
  return {
    path: "evals/golden/greets.yml",
    startLine: 1,
    endLine: 1,
    level: "failure",
    title: "greets regressed",
    message: "Expected a greeting.",
    ...change,
  };
}
