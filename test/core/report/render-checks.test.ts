import { describe, expect, test } from "@jest/globals";
import type { CheckRun } from "../../../src/core/report/check-run.ts";
import type { GateObstacle, GateReport } from "../../../src/core/report/gate-report.ts";
import {
  renderCancelled,
  renderChecks,
  renderObstacle,
  renderProgress,
} from "../../../src/core/report/render-checks.ts";
import { bytesOf } from "../../../src/core/text/markdown.ts";
import { listQuarantined } from "../../../src/core/verdict/quarantine.ts";
import { expectGolden } from "../../build/golden.ts";
import { liveText, markdownNodes } from "../../build/markdown.ts";
import {
  aFailedTrial,
  aFailure,
  aGateReport,
  aHeldVerdict,
  anIncidentFile,
  aPassedSide,
  aSide,
  aSideWithOutage,
  aSideWithoutRecording,
  aVerdict,
} from "../../build/reports.ts";

const identity = { headSha: "def5678def5678", externalId: "run-1" };
const BLOCKED = { blocking: "failure", warning: "success" } as const;
const WARNED = { blocking: "success", warning: "neutral" } as const;

function checkOf(report: GateReport, check: "blocking" | "warning" = "blocking"): CheckRun {
  const [blocking, warning] = renderChecks(report, "run-1");
  const found = check === "blocking" ? blocking : warning;
  if (found === undefined) throw new Error(`no ${check} check was rendered`);
  return found;
}

function pageOf(check: CheckRun): string {
  const state = check.state.kind === "completed" ? check.state.conclusion : check.state.kind;
  const remarks = check.annotations.map(
    ({ path, startLine, level, title, message }) => `- ${level} ${path}:${startLine} ${title}: ${message}`,
  );
  return [
    `[${state}] ${check.name}`,
    `# ${check.title}`,
    check.summary,
    "----",
    check.text ?? "",
    "----",
    ...remarks,
    "",
  ].join("\n\n");
}

const regressed = aGateReport([aVerdict(), aHeldVerdict("refund-small"), aHeldVerdict("refund-denied")], {
  conclusions: BLOCKED,
});
const undecided = aGateReport(
  [
    aVerdict({
      verdict: "undecided",
      because: "The candidate could not be decided.",
      candidate: aSideWithoutRecording(),
      baseline: undefined,
    }),
    aVerdict({
      file: anIncidentFile({ id: "refund-outage", incident: "INC-9", issue: 50 }),
      verdict: "undecided",
      because: "The candidate could not be decided.",
      candidate: aSideWithOutage(),
      baseline: undefined,
    }),
    aHeldVerdict("refund-small"),
  ],
  { conclusions: BLOCKED },
);
const mixed = aGateReport(
  [
    aVerdict({ origin: "base_version" }),
    aVerdict({
      file: anIncidentFile({ id: "old-case" }),
      verdict: "still_broken",
      because: "It held before; it fails on both sides.",
      baseline: aSide("failed"),
    }),
    aVerdict({
      file: anIncidentFile({ id: "shaky-case" }),
      verdict: "unstable",
      because: "It passes and fails on both sides.",
      candidate: aSide("flaky"),
      baseline: aSide("flaky"),
    }),
    aVerdict({
      file: anIncidentFile({ id: "mended-case" }),
      verdict: "fixed",
      because: "It fails on the baseline and passes here.",
      candidate: aPassedSide(),
      baseline: aSide("failed"),
    }),
    aVerdict({
      file: anIncidentFile({ id: "new-case" }),
      origin: "added",
      verdict: "reproduces",
      because: "It fails on both sides.",
      baseline: aSide("failed"),
    }),
    aVerdict({
      file: anIncidentFile({ id: "open-case" }),
      verdict: "unresolved",
      because: "It fails on both sides and never held.",
      baseline: aSide("failed"),
    }),
    aVerdict({
      file: anIncidentFile({ id: "gone-case" }),
      origin: "removed",
      verdict: "held",
      candidate: aPassedSide(),
      baseline: aPassedSide(),
    }),
    aVerdict({
      file: anIncidentFile({ id: "tone-case", level: "warning" }),
      candidate: aSide("failed", {
        judgedOnly: true,
        trials: [
          aFailedTrial({
            grades: [
              { ...aFailure("expect.judge.must[0]", "apologises", "does not apologise"), judged: true },
            ],
          }),
        ],
      }),
    }),
    aHeldVerdict("idea-case", { level: "exploratory" }),
  ],
  { conclusions: { blocking: "failure", warning: "neutral" }, unpricedModels: ["claude-next"] },
  {
    changes: [
      { agent: "refund", type: "prompt", path: "agent/prompts/system.md" },
      { agent: "refund", type: "model", path: "agent/model.yml", key: "model" },
      { agent: "escalation", type: "policy", path: "agent/policies/escalation.md" },
    ],
    leftOut: [
      { file: anIncidentFile({ id: "search-case" }), because: "it gates retrieval, which did not change" },
    ],
    broken: [
      {
        path: "evals/broken.yml",
        brokenBy: "head",
        problems: [{ at: "levle", expected: "level", got: "an unknown key", line: 3 }],
      },
      {
        path: "evals/older.yml",
        brokenBy: "base",
        problems: [{ at: "id", expected: "a-z, 0-9 and -", got: "Refund!" }],
      },
    ],
  },
);

const quarantined = aGateReport(
  [
    listQuarantined(
      aVerdict({
        verdict: "unstable",
        because: "It passes and fails on both sides.",
        candidate: aSide("flaky"),
        baseline: aSide("flaky"),
      }),
      [
        {
          fixture: "refund-approval-bypass",
          actor: "olga",
          reason: "the desk is being <rebuilt>",
          expiresAt: new Date("2026-12-05T00:00:00Z"),
        },
      ],
    ),
    aHeldVerdict("refund-small"),
  ],
  { conclusions: { blocking: "success", warning: "success" } },
);
/** More failures than a page takes, with the page that has all of them. */
const cut = aGateReport(
  Array.from({ length: 22 }, (_, index) => aVerdict({ file: anIncidentFile({ id: `case-${index}` }) })),
  {
    conclusions: BLOCKED,
    page: { url: "https://evals.example.com/reports/4f1c", keptUntil: "2026-12-05" },
  },
);

describe("the page of a check run", () => {
  test.each([
    { name: "regressed", report: regressed, check: "blocking" },
    { name: "undecided", report: undecided, check: "blocking" },
    { name: "mixed", report: mixed, check: "blocking" },
    { name: "mixed-warning", report: mixed, check: "warning" },
    {
      name: "held",
      report: aGateReport([aHeldVerdict("refund-small"), aHeldVerdict("refund-denied")]),
      check: "blocking",
    },
    {
      name: "nothing-changed",
      report: aGateReport([], { trials: 0, costUsd: 0 }, { changes: [] }),
      check: "blocking",
    },
    { name: "unprotected", report: aGateReport([], { trials: 0, costUsd: 0 }), check: "blocking" },
    { name: "quarantined", report: quarantined, check: "blocking" },
    { name: "cut", report: cut, check: "blocking" },
  ] as const)("reads as agreed when it is $name", ({ name, report, check }) => {
    expectGolden(`report/check-${name}.md`, pageOf(checkOf(report, check)));
  });
});

describe("the title carries the decision", () => {
  const held = [aHeldVerdict("a"), aHeldVerdict("b"), aHeldVerdict("c"), aHeldVerdict("d")];
  const open = { candidate: aSideWithOutage(), baseline: undefined };
  test.each([
    { title: "Blocked: 1 of 3 fixtures regressed", report: regressed },
    { title: "Could not evaluate 2 of 3 fixtures", report: undecided },
    {
      title: "Blocked: 1 of 7 fixtures regressed, 1 still broken, 1 unstable, 1 fixture file cannot be read",
      report: mixed,
    },
    { title: "All 4 fixtures hold", report: aGateReport(held) },
    { title: "1 fixture holds", report: aGateReport(held.slice(1, 2)) },
    {
      title: "4 fixtures hold, 1 fixed",
      report: aGateReport([...held, aVerdict({ verdict: "fixed", candidate: aPassedSide() })]),
    },
    {
      title: "1 fixture reproducing, 1 unresolved",
      report: aGateReport([
        aVerdict({ origin: "added", verdict: "reproduces" }),
        aVerdict({ verdict: "unresolved" }),
      ]),
    },
    { title: "Nothing to run: no change type matched", report: aGateReport([], {}, { changes: [] }) },
    { title: "Nothing to run: no fixture protects what changed", report: aGateReport([]) },
    {
      title: "Nothing to run: no blocking fixture protects what changed",
      report: aGateReport([aHeldVerdict("w", { level: "warning" })]),
    },
    {
      title: "Could not evaluate 1 of 1 fixture",
      report: aGateReport(
        [
          aVerdict({
            verdict: "not_run",
            candidate: aSide("not_run", { because: "the money cap of $5 was reached" }),
            baseline: undefined,
          }),
        ],
        { conclusions: BLOCKED },
      ),
    },
    {
      title: "Blocked: 1 of 2 fixtures regressed, 1 could not be evaluated",
      report: aGateReport([aVerdict(), aVerdict({ verdict: "undecided", ...open })], {
        conclusions: BLOCKED,
      }),
    },
    { title: "Blocked: 4 of 4 fixtures pass", report: aGateReport(held, { conclusions: BLOCKED }) },
  ])("$title", ({ title, report }) => {
    expect(checkOf(report).title).toBe(title);
  });

  test("a run that spent its money sends nobody to run it again", () => {
    const unrun = { verdict: "not_run", candidate: aSide("not_run"), baseline: undefined } as const;
    const { summary } = checkOf(
      aGateReport([aVerdict(unrun), aVerdict(unrun)], { conclusions: BLOCKED, stopped: "money" }),
    );
    expect(summary).toContain("1. Raise `gate.max_cost_usd` on the default branch");
    expect(summary).not.toContain("Re-run");
  });

  test("a run that spent its money on a model without a known price asks for the price", () => {
    const unrun = { verdict: "not_run", candidate: aSide("not_run"), baseline: undefined } as const;
    const spent = { conclusions: BLOCKED, stopped: "money", unpricedModels: ["house`model"] } as const;
    const { summary } = checkOf(aGateReport([aVerdict(unrun)], spent));
    expect(summary).toContain("state the price of ``house`model`` under `gate.prices`");
    expect(summary).toContain("counted at the dearest known price");
  });

  test.each([
    { title: "Warning: 1 of 1 fixture regressed", conclusions: WARNED },
    {
      title: "Action required: 1 of 1 fixture regressed",
      conclusions: { blocking: "success", warning: "action_required" } as const,
    },
  ])("$title", ({ title, conclusions }) => {
    const report = aGateReport([aVerdict({ file: anIncidentFile({ level: "warning" }) })], { conclusions });
    expect(checkOf(report, "warning").title).toBe(title);
  });
});

describe("what may warn only", () => {
  test("a blocking fixture's failure that rests on a judge alone stands in the warning check, and why", () => {
    const report = aGateReport([aVerdict({ candidate: aSide("failed", { judgedOnly: true }) })], {
      conclusions: WARNED,
    });
    expect(checkOf(report).title).toBe("Nothing blocks: what protects the change may only warn here");
    expect(checkOf(report).summary).toContain("what they say may only warn");
    expect(checkOf(report, "warning").summary).toContain("rests on a judge (a model) alone");
  });

  test("an incident's new fixture that nobody saw fail stands in the warning check, and why", () => {
    const file = anIncidentFile({ source: { kind: "incident" } });
    const report = aGateReport([
      aVerdict({ file, origin: "added", verdict: "held", candidate: aPassedSide() }),
    ]);
    expect(checkOf(report, "warning").title).toBe("1 fixture holds");
    expect(checkOf(report, "warning").summary).toContain("`source.fails_on` is missing");
  });
});

describe("annotations", () => {
  test("point at the line of each failed assertion and at the change that may be the cause", () => {
    const places = checkOf(regressed).annotations.map(
      ({ path, startLine, level }) => `${level} ${path}:${startLine}`,
    );
    const fixture = "evals/incidents/INC-2026-04-18-017/refund-approval-bypass.yml";
    expect(places).toEqual([
      "failure agent/prompts/system.md:1",
      `failure ${fixture}:29`,
      `failure ${fixture}:31`,
      `failure ${fixture}:33`,
    ]);
  });

  test.each(["base_version", "removed"] as const)(
    "leave a file alone that is not at the head: %s",
    (origin) => {
      const check = checkOf(aGateReport([aVerdict({ origin })], { conclusions: BLOCKED }));
      expect(check.annotations.map(({ path }) => path)).toEqual(["agent/prompts/system.md"]);
    },
  );

  test("are 200 at most", () => {
    const grades = Array.from({ length: 300 }, (_, index) =>
      aFailure(`expect.output.must_contain[${index}]`, "x", "y"),
    );
    const verdict = aVerdict({ candidate: aSide("failed", { trials: [aFailedTrial({ grades })] }) });
    const check = checkOf(aGateReport([verdict], { conclusions: BLOCKED }));
    expect(check.annotations).toHaveLength(200);
    expect(check.summary).toContain("_Left out for length: 101 of 301 remarks on lines of files._");
  });
});

describe("hostile and huge reports", () => {
  const hostile = "@octocat ``` <img src=x onerror=y> | #1 <!-- x --> ".repeat(2_000);
  const verdicts = Array.from({ length: 300 }, (_, index) =>
    aVerdict({
      file: {
        ...anIncidentFile({
          id: `case-${index}`,
          owner: "@a`b|c<i>",
          incident: hostile.slice(0, 200),
          reason: hostile.slice(0, 9_000),
        }),
        path: `evals/${hostile.slice(0, 300)}.yml`,
      },
      because: hostile,
      candidate: aSide("failed", {
        because: hostile,
        trials: [aFailedTrial({ grades: [aFailure("expect.output", hostile, hostile)] })],
      }),
    }),
  );
  const report = aGateReport(
    verdicts,
    { conclusions: BLOCKED, unpricedModels: [hostile] },
    {
      changes: Array.from({ length: 100 }, (_, index) => ({
        agent: `agent-${index}`,
        type: "prompt" as const,
        path: hostile.slice(0, 500),
      })),
      leftOut: [{ file: anIncidentFile(), because: hostile }],
      everythingBecause: hostile,
    },
  );

  test("stay within what GitHub takes and say what was left out", () => {
    const check = checkOf(report);
    expect(bytesOf(check.summary)).toBeLessThanOrEqual(60_000);
    expect(bytesOf(check.text ?? "")).toBeLessThanOrEqual(60_000);
    expect(check.title.length).toBeLessThanOrEqual(255);
    expect(check.summary).toContain("Left out for length");
    expect(check.summary).toContain("npx incident-to-eval run --changed abc1234abc12\n");
  });

  test("end no table in the middle of a row, and say how to see the rest", () => {
    const { summary } = checkOf(report);
    for (const line of summary.split("\n").filter((one) => one.startsWith("|")))
      expect(line.endsWith("|")).toBe(true);
    expect(summary.match(/--html report.html/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test("show no markup of theirs", () => {
    expect(liveText(checkOf(report).summary)).not.toMatch(/@octocat|#1\b/);
    const types = markdownNodes(checkOf(report).summary).filter(({ type }) => type === "html");
    expect(new Set(types.map((node) => ("value" in node ? node.value : "")))).toEqual(new Set(["<br>"]));
  });
});

describe("a run that decides nothing yet or nothing at all", () => {
  test("progress stands in both checks with what is done", () => {
    const checks = renderProgress({ ...identity, done: 3, total: 12 });
    expect(checks.map(({ title, state }) => `${state.kind} ${title}`)).toEqual([
      "in_progress In progress: 3 of 12 fixtures done",
      "in_progress In progress: 3 of 12 fixtures done",
    ]);
    expect(renderProgress({ ...identity, done: 3, total: 12, spentUsd: 0.75 })[0]?.summary).toBe(
      "We are running the fixtures that protect what changed: 3 of 12 fixtures done. It cost $0.75 so far. Nobody has to act: the decision comes here, and a newer commit replaces this run.",
    );
    expect(renderProgress({ ...identity, done: 0, total: 0 })[0]?.title).toBe(
      "In progress: reading the repository",
    );
  });

  test.each([
    { newHead: "aaaaaaabbbbbbb", title: "Cancelled: replaced by aaaaaaa" },
    { newHead: "closed", title: "Cancelled: overtaken" },
    { newHead: identity.headSha, title: "Cancelled: overtaken" },
  ])("a run overtaken by $newHead is cancelled, never a pass", ({ newHead, title }) => {
    for (const check of renderCancelled({ ...identity, newHead })) {
      expect(check.title).toBe(title);
      expect(check.state).toEqual({ kind: "completed", conclusion: "cancelled" });
    }
  });

  const problems = [
    { at: "gate.trails", expected: "trials", got: "an unknown key", line: 14 },
    { at: "agents.refund.system", expected: "at least one file", got: "an empty list", line: 6 },
  ];
  const path = ".github/incident-to-eval.yml";
  const obstacles: readonly GateObstacle[] = [
    { kind: "configuration", path, at: "head", problems },
    { kind: "configuration", path, at: "default_branch", problems },
    {
      kind: "agent",
      agent: "refund",
      problems: [
        { at: "agent/tools.json", expected: "a JSON array of tools", got: "`{` that is never closed" },
      ],
    },
    { kind: "outage", system: "anthropic", message: "529 overloaded" },
    { kind: "no_model_key", providers: ["anthropic"] },
    { kind: "fork", owner: "mallory" },
    { kind: "fault", reference: "run-1" },
  ];
  test.each(obstacles)("an obstacle ($kind) fails both checks and says who has to act", (obstacle) => {
    const [blocking, warning] = renderObstacle(obstacle, identity);
    expect(blocking?.state).toEqual({ kind: "completed", conclusion: "failure" });
    expect(warning?.state).toEqual({ kind: "completed", conclusion: "action_required" });
    expect(blocking?.summary).toContain("**Who has to act:**");
  });

  test("every obstacle reads as agreed", () => {
    const pages = obstacles
      .map((obstacle) => renderObstacle(obstacle, identity)[0])
      .map((check) => (check === undefined ? "" : pageOf(check)));
    expectGolden("report/check-obstacles.md", pages.join("\n\n"));
  });
});
