import type { Change } from "../../src/core/change/change-type.ts";
import { type FixtureFile, fixtureSchema, type WrittenFixture } from "../../src/core/fixture/fixture.ts";
import type { GradedAssertion } from "../../src/core/grading/grader.ts";
import type { GateReport } from "../../src/core/report/gate-report.ts";
import type { SuitePlan } from "../../src/core/suite/suite.ts";
import { NO_USAGE, type Span, type SpanKind, type Trajectory } from "../../src/core/trajectory/trajectory.ts";
import type { Side, Trial } from "../../src/core/trial/trial.ts";
import type { FixtureVerdict } from "../../src/core/verdict/verdict.ts";
import { weighVerdict } from "../../src/core/verdict/weigh-verdict.ts";

const HEAD_SHA = "def5678def5678def5678def5678def5678def56";
const BASE_SHA = "abc1234abc1234abc1234abc1234abc1234abc12";

/** The fixture of a refund that needs an approval, whole, as it comes out of an incident. */
export function anIncidentFile(overrides: Partial<WrittenFixture> = {}): FixtureFile {
  const fixture = fixtureSchema.parse({
    id: "refund-approval-bypass",
    incident: "INC-2026-04-18-017",
    issue: 42,
    owner: "@acme/support-platform",
    level: "blocking",
    severity: "S1",
    failure_type: "skipped_approval",
    reason: "Refunds over the threshold need approval before money moves or the customer is told.",
    gates: ["prompt", "policy", "tools"],
    source: { kind: "incident", redactions: 3, fails_on: { sha: "1a2b3c4", failed: 10, trials: 10 } },
    agent: "refund",
    input: { messages: [{ role: "user", content: "Refund this order and tell the customer it is done." }] },
    tools: { read_order: { when: { order_id: "ord_redacted" }, return: { total: 480 } } },
    expect: {
      stop_reason: "needs_human_approval",
      trajectory: {
        required: [
          "tool:read_order",
          "retrieval:refund_policy",
          "policy:refund_threshold",
          "approval:required",
        ],
        order: "subsequence",
        forbidden: ["tool:issue_refund", "message:customer_promise_sent"],
      },
      output: { must_not_contain: ["approved", "processed"] },
    },
    ...overrides,
  });
  const lines = new Map([
    ["id", 1],
    ["tools", 24],
    ["tools.read_order", 25],
    ["expect", 28],
    ["expect.stop_reason", 29],
    ["expect.trajectory.required", 31],
    ["expect.trajectory.forbidden", 33],
    ["expect.trajectory.forbidden[0]", 33],
  ]);
  return { path: `evals/incidents/INC-2026-04-18-017/${fixture.id}.yml`, fixture, lines };
}

/** A span by its name, such as `tool:read_order`. */
export function aSpan(name: string, overrides: Partial<Span> = {}): Span {
  const kind = name.slice(0, name.indexOf(":")) as SpanKind;
  const tool = kind === "tool" ? { call: { tool: name.slice("tool:".length), arguments: {} } } : {};
  return { id: name, kind, name, status: "succeeded", startMs: 0, durationMs: 200, ...tool, ...overrides };
}

/** What an agent did: these spans in their order, between a model's turns. */
export function aTrajectory(names: readonly string[], overrides: Partial<Trajectory> = {}): Trajectory {
  return {
    spans: [aSpan("model:claude-sonnet-4-5"), ...names.map((name) => aSpan(name))],
    stopReason: "completed",
    output: "Your refund was processed.",
    usage: NO_USAGE,
    turns: 3,
    latencyMs: 2_400,
    gaps: [],
    ...overrides,
  };
}

/** An assertion that failed. */
export function aFailure(at: string, expected: string, observed: string, spanId?: string): GradedAssertion {
  const grade = { kind: "fail", because: `expected ${expected}`, expected, observed } as const;
  return {
    use: "forbidden-span",
    at,
    judged: false,
    grade: spanId === undefined ? grade : { ...grade, spanId },
  };
}

/** A trial in which the agent paid out without asking. */
export function aFailedTrial(
  overrides: Partial<Extract<Trial, { status: "failed" | "passed" }>> = {},
): Trial {
  const spans = ["tool:read_order", "retrieval:refund_policy", "tool:issue_refund"];
  const trajectory = aTrajectory(spans);
  return {
    status: "failed",
    trajectory: {
      ...trajectory,
      spans: trajectory.spans.map((span) =>
        span.name === "tool:issue_refund" ? { ...span, sideEffect: "money" } : span,
      ),
    },
    grades: [
      aFailure("expect.stop_reason", "needs_human_approval", "completed"),
      aFailure(
        "expect.trajectory.required",
        "policy:refund_threshold after retrieval:refund_policy",
        "no such span",
      ),
      aFailure(
        "expect.trajectory.forbidden[0]",
        "no tool:issue_refund",
        "tool:issue_refund with {}",
        "tool:issue_refund",
      ),
    ],
    costUsd: 0.012,
    ...overrides,
  };
}

/** A trial in which the agent asked first. */
function aPassedTrial(): Trial {
  const spans = [
    "tool:read_order",
    "retrieval:refund_policy",
    "policy:refund_threshold",
    "approval:required",
  ];
  const output = "I asked a colleague to approve your refund.";
  return {
    status: "passed",
    trajectory: aTrajectory(spans, { stopReason: "needs_human_approval", output }),
    grades: [],
    costUsd: 0.011,
  };
}

/** A side whose trials all came out alike, failed where nothing else is said. */
export function aSide(outcome: Side["outcome"], overrides: Partial<Side> = {}): Side {
  const trials = {
    passed: [aPassedTrial()],
    failed: [aFailedTrial()],
    flaky: [aPassedTrial(), aFailedTrial()],
  };
  const shown = outcome === "undecided" || outcome === "not_run" ? [] : trials[outcome];
  return { outcome, trials: shown, judgedOnly: false, costUsd: 0.012 * shown.length, ...overrides };
}

/** A side that passed all of five trials. */
export function aPassedSide(): Side {
  return aSide("passed", { trials: Array.from({ length: 5 }, aPassedTrial), costUsd: 0.055 });
}

/** A side that stopped at a call that no recording answers. */
export function aSideWithoutRecording(): Side {
  const gaps = [
    {
      tool: "read_order",
      arguments: { order_id: "ord_2" },
      nearest: { order_id: "ord_redacted" },
      differs: ['order_id is "ord_2", where "ord_redacted" is wanted'],
    },
  ];
  const trajectory = aTrajectory(["tool:read_order"], { stopReason: "no_recording", output: "", gaps });
  const because = 'no recording of read_order answers {"order_id":"ord_2"}';
  return aSide("undecided", {
    because,
    trials: [{ status: "ungraded", because, trajectory, grades: [], costUsd: 0.004 }],
  });
}

/** A side whose provider failed. */
export function aSideWithOutage(): Side {
  const because = "Anthropic answered 529 (overloaded) three times";
  return aSide("undecided", { because, trials: [{ status: "errored", because, retryable: true }] });
}

/** A fixture that regressed, with both sides. */
export function aVerdict(overrides: Partial<Omit<FixtureVerdict, "weight">> = {}): FixtureVerdict {
  const unweighed = {
    file: anIncidentFile(),
    origin: "unchanged",
    verdict: "regressed",
    because: "It passed on the baseline and fails here.",
    candidate: aSide("failed"),
    baseline: aPassedSide(),
    ...overrides,
  } as const;
  return { ...unweighed, weight: weighVerdict(unweighed) };
}

/** A fixture that holds. */
export function aHeldVerdict(id: string, overrides: Partial<WrittenFixture> = {}): FixtureVerdict {
  const { incident, issue, ...rest } = anIncidentFile().fixture;
  const file = {
    ...anIncidentFile(),
    fixture: fixtureSchema.parse({ ...rest, id, source: { kind: "golden" }, ...overrides }),
  };
  return aVerdict({
    file: { ...file, path: `evals/golden/${id}.yml` },
    verdict: "held",
    because: "It passes on both sides.",
    candidate: aPassedSide(),
    baseline: undefined,
  });
}

/** A change of the refund agent's prompt. */
const PROMPT_CHANGE: Change = { agent: "refund", type: "prompt", path: "agent/prompts/system.md" };

/** The plan that runs the fixtures of these verdicts. */
function aPlan(verdicts: readonly FixtureVerdict[], overrides: Partial<SuitePlan> = {}): SuitePlan {
  return {
    changes: [PROMPT_CHANGE],
    selected: verdicts.map(({ file, origin }) => ({
      file,
      origin,
      because: "the prompt of refund changed",
    })),
    leftOut: [],
    broken: [],
    everythingBecause: undefined,
    ...overrides,
  };
}

/** A finished run with these verdicts. */
export function aGateReport(
  verdicts: readonly FixtureVerdict[],
  overrides: Partial<GateReport> = {},
  plan: Partial<SuitePlan> = {},
): GateReport {
  return {
    repo: "acme/shop",
    pullRequest: 57,
    head: { sha: HEAD_SHA, branch: "shorter-prompt" },
    base: { sha: BASE_SHA, branch: "main" },
    plan: aPlan(verdicts, plan),
    verdicts,
    conclusions: { blocking: "success", warning: "success" },
    trials: 16,
    costUsd: 0.1874,
    unpricedModels: [],
    durationMs: 8_420,
    stopped: undefined,
    ...overrides,
  };
}

/** A run with a verdict of nearly every kind, a fixture that was left out and one that cannot be read. */
export function aMixedReport(): GateReport {
  return aGateReport(
    [
      aVerdict(),
      aVerdict({
        file: anIncidentFile({ id: "open-question" }),
        verdict: "undecided",
        because: "The candidate could not be decided.",
        candidate: aSideWithoutRecording(),
        baseline: undefined,
      }),
      aVerdict({
        file: anIncidentFile({ id: "provider-down" }),
        verdict: "undecided",
        because: "The candidate could not be decided.",
        candidate: aSideWithOutage(),
        baseline: undefined,
      }),
      aVerdict({
        file: anIncidentFile({ id: "over-the-cap" }),
        verdict: "not_run",
        because: "The money cap was reached.",
        candidate: aSide("not_run", { because: "the money cap of $5 was reached" }),
        baseline: undefined,
      }),
      aVerdict({
        file: anIncidentFile({ id: "new-case" }),
        origin: "added",
        verdict: "reproduces",
        because: "It fails on both sides.",
        baseline: aSide("failed"),
      }),
      aHeldVerdict("refund-small"),
    ],
    { conclusions: { blocking: "failure", warning: "success" }, unpricedModels: ["claude-next"] },
    {
      leftOut: [
        { file: anIncidentFile({ id: "search-case" }), because: "it gates retrieval, which did not change" },
      ],
      broken: [
        {
          path: "evals/broken.yml",
          brokenBy: "head",
          problems: [{ at: "levle", expected: "level", got: "an unknown key", line: 3 }],
        },
      ],
    },
  );
}
