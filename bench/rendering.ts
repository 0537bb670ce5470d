import { parseArgs } from "node:util";
import { fixtureSchema } from "../src/core/fixture/fixture.ts";
import type { GradedAssertion } from "../src/core/grading/grader.ts";
import type { GateReport } from "../src/core/report/gate-report.ts";
import { renderChecks } from "../src/core/report/render-checks.ts";
import { renderPage } from "../src/core/report/render-page.ts";
import { NO_USAGE, type Span, type Trajectory } from "../src/core/trajectory/trajectory.ts";
import type { Side, Trial } from "../src/core/trial/trial.ts";
import type { FixtureVerdict } from "../src/core/verdict/verdict.ts";
import { weighVerdict } from "../src/core/verdict/weigh-verdict.ts";

/** The check runs of as many failures must be there within this time. */
const CHECKS_MS_MAX = 200;
/** What the app keeps of a page. */
const PAGE_LENGTH_MAX = 8 * 1024 * 1024;
const ROUNDS = 20;
const REQUIRED = [
  "tool:read_order",
  "retrieval:refund_policy",
  "policy:refund_threshold",
  "approval:required",
];
const TAKEN = ["tool:read_order", "retrieval:refund_policy", "tool:check_customer", "tool:issue_refund"];

const { values } = parseArgs({ options: { fixtures: { type: "string", default: "2000" } } });
const report = aReport(Number(values.fixtures));

const checks = measure(() => renderChecks(report, "run-1"));
const page = measure(() => renderPage(report, new Date(0), { charactersMax: PAGE_LENGTH_MAX }));
print("check runs", checks, CHECKS_MS_MAX);
print("page of the app", page, undefined);

interface Measured {
  readonly firstMs: number;
  readonly medianMs: number;
  readonly slowestMs: number;
}

/** Also the first round, since a process renders seldom enough to meet it cold. */
function measure(work: () => unknown): Measured {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startedMs = performance.now();
    work();
    return performance.now() - startedMs;
  });
  const sorted = rounds.toSorted((a, b) => a - b);
  return {
    firstMs: rounds[0] ?? 0,
    medianMs: sorted[Math.floor(ROUNDS / 2)] ?? 0,
    slowestMs: sorted.at(-1) ?? 0,
  };
}

function print(what: string, { firstMs, medianMs, slowestMs }: Measured, maxMs: number | undefined): void {
  const goal =
    maxMs === undefined
      ? ""
      : `, at most ${maxMs} ms: ${firstMs <= maxMs ? "met" : "missed"} from the first on`;
  process.stdout.write(
    `${what} of ${values.fixtures} failing fixtures: first ${firstMs.toFixed(0)} ms, median ${medianMs.toFixed(0)} ms, slowest ${slowestMs.toFixed(0)} ms${goal}\n`,
  );
}

function aReport(count: number): GateReport {
  const verdicts = Array.from({ length: count }, (_, index) => aRegression(index));
  return {
    repo: "acme/shop",
    pullRequest: 57,
    head: { sha: "d".repeat(40), branch: "shorter-prompt" },
    base: { sha: "a".repeat(40), branch: "main" },
    plan: {
      changes: [{ agent: "refund", type: "prompt", path: "agent/prompts/system.md" }],
      selected: verdicts.map(({ file, origin }) => ({
        file,
        origin,
        because: "the prompt of refund changed",
      })),
      leftOut: [],
      broken: [],
      everythingBecause: undefined,
    },
    verdicts,
    conclusions: { blocking: "failure", warning: "success" },
    trials: count * 10,
    costUsd: 80,
    unpricedModels: [],
    durationMs: 900_000,
    stopped: undefined,
  };
}

function aRegression(index: number): FixtureVerdict {
  const fixture = fixtureSchema.parse({
    id: `case-${index}`,
    incident: `INC-${index % 300}`,
    issue: (index % 300) + 1,
    owner: `@acme/team-${index % 40}`,
    level: "blocking",
    reason: "Refunds over the threshold need approval before money moves or the customer is told.",
    source: { kind: "golden" },
    agent: "refund",
    input: { messages: [{ role: "user", content: "Refund this order and tell the customer it is done." }] },
    expect: {
      stop_reason: "needs_human_approval",
      trajectory: { required: REQUIRED, order: "subsequence", forbidden: ["tool:issue_refund"] },
    },
  });
  const file = { path: `evals/incidents/INC-${index % 300}/case-${index}.yml`, fixture, lines: new Map() };
  const unweighed = {
    file,
    origin: "unchanged",
    verdict: "regressed",
    because: "It passed on the baseline and fails here.",
    candidate: aSide("failed", Array.from({ length: 5 }, aFailedTrial)),
    baseline: aSide("passed", Array.from({ length: 5 }, aPassedTrial)),
  } as const;
  return { ...unweighed, weight: weighVerdict(unweighed) };
}

function aSide(outcome: Side["outcome"], trials: readonly Trial[]): Side {
  return { outcome, trials, judgedOnly: false, costUsd: 0.02 };
}

function aFailedTrial(): Trial {
  const grades = [
    aFailure("expect.stop_reason", "needs_human_approval", "completed"),
    aFailure("expect.trajectory.required", "policy:refund_threshold", "no such span"),
    aFailure("expect.trajectory.forbidden[0]", "no tool:issue_refund", "tool:issue_refund with {}"),
  ];
  return { status: "failed", trajectory: aTrajectory(TAKEN, "completed"), grades, costUsd: 0.002 };
}

function aPassedTrial(): Trial {
  return {
    status: "passed",
    trajectory: aTrajectory(REQUIRED, "needs_human_approval"),
    grades: [],
    costUsd: 0.002,
  };
}

function aTrajectory(names: readonly string[], stopReason: string): Trajectory {
  return {
    spans: names.map(aSpan),
    stopReason,
    output: "Your refund was processed & the <customer> was told. ".repeat(8),
    usage: NO_USAGE,
    turns: 4,
    latencyMs: 2_400,
    gaps: [],
  };
}

function aSpan(name: string): Span {
  return { id: name, kind: "tool", name, status: "succeeded", startMs: 0, durationMs: 200 };
}

function aFailure(at: string, expected: string, observed: string): GradedAssertion {
  return {
    use: "forbidden-span",
    at,
    judged: false,
    grade: { kind: "fail", because: `expected ${expected}`, expected, observed },
  };
}
