import { expect, test } from "@jest/globals";
import { metricsText } from "../../../src/adapters/prometheus/metrics-text.ts";
import { prometheusMetrics } from "../../../src/adapters/prometheus/prometheus-metrics.ts";
import type { Occurrence } from "../../../src/ports/metrics.ts";
import { theFigures } from "../../build/figures.ts";

const NOW = new Date("2026-11-21T10:00:00Z");
const USAGE = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 7, cacheWriteTokens: 3 };

/** The lines of the page without help, types and what Node tells of itself. */
async function linesAfter(
  occurrences: readonly Occurrence[],
  figures = theFigures(),
): Promise<readonly string[]> {
  const metrics = prometheusMetrics({ events: ["issues"], models: ["claude-opus-5-5"] });
  for (const occurrence of occurrences) metrics.note(occurrence);
  const { text } = await metricsText(metrics.registry, () => NOW)(figures);
  return text.split("\n").filter((line) => !line.startsWith("#"));
}

test.each<[Occurrence, string]>([
  [
    {
      kind: "github_request",
      status: 204,
      isLimited: false,
      installationId: undefined,
      remaining: undefined,
    },
    'github_requests_total{status="2xx"} 1',
  ],
  [
    { kind: "github_request", status: 403, isLimited: true, installationId: 77, remaining: 0 },
    'github_requests_total{status="limited"} 1',
  ],
  [
    { kind: "github_request", status: undefined, isLimited: false, installationId: 77, remaining: undefined },
    'github_requests_total{status="none"} 1',
  ],
  [
    { kind: "github_request", status: 200, isLimited: false, installationId: 77, remaining: 4_990 },
    'github_rate_limit_remaining{installation="77"} 4990',
  ],
  [
    { kind: "delivery_taken", event: "issues", intake: "stored" },
    'deliveries_taken_total{event="issues",outcome="stored"} 1',
  ],
  [
    { kind: "delivery_taken", event: "made_up_by_somebody", intake: "refused_signature" },
    'deliveries_taken_total{event="other",outcome="refused_signature"} 1',
  ],
  [{ kind: "github_spared", count: 40 }, 'github_requests_total{status="cached"} 40'],
  [
    {
      kind: "github_request",
      status: 304,
      isLimited: false,
      installationId: undefined,
      remaining: undefined,
    },
    'github_requests_total{status="cached"} 1',
  ],
  [
    { kind: "delivery_settled", event: "issues", outcome: "failed", ageMs: 700 },
    'handler_errors_total{event="issues"} 1',
  ],
  [
    { kind: "delivery_settled", event: "made_up_by_somebody", outcome: "failed", ageMs: 700 },
    'handler_errors_total{event="other"} 1',
  ],
  [{ kind: "drafts_closed", outcome: "merged" }, 'drafts_closed_total{outcome="merged"} 1'],
  [{ kind: "decided", what: "override" }, 'decisions_total{kind="override"} 1'],
  [
    { kind: "delivery_settled", event: "issues", outcome: "processed", ageMs: 700 },
    'delivery_age_seconds_bucket{le="1",outcome="processed"} 1',
  ],
  [{ kind: "job_began", job: "gate-pull-request" }, 'workers_busy{job="gate-pull-request"} 1'],
  [
    { kind: "job_ended", job: "reconcile", outcome: "retry", durationMs: 250 },
    'job_duration_seconds_sum{job="reconcile",outcome="retry"} 0.25',
  ],
  [{ kind: "checks_concluded", afterMs: 90_000 }, "checks_concluded_seconds_sum 90"],
  [{ kind: "drafts_proposed", outcome: "merged" }, 'drafts_proposed_total{outcome="merged"} 1'],
  [{ kind: "redeliveries_asked", count: 3 }, "redeliveries_asked_total 3"],
  [
    { kind: "model_failed", model: "claude-opus-5-5" },
    'model_calls_total{model="claude-opus-5-5",outcome="failed"} 1',
  ],
  [
    { kind: "model_answered", model: "a-model-of-a-repository", usage: USAGE, costUsd: undefined },
    'model_tokens_total{model="other",kind="output"} 20',
  ],
  [
    { kind: "model_answered", model: "claude-opus-5-5", usage: USAGE, costUsd: 0.5 },
    'model_cost_usd_total{model="claude-opus-5-5"} 0.5',
  ],
])("%j is counted as %s", async (occurrence, line) => {
  expect(await linesAfter([occurrence])).toContain(`incident_to_eval_${line}`);
});

test("an attempt that ended is no longer under way", async () => {
  const lines = await linesAfter([
    { kind: "job_began", job: "reconcile" },
    { kind: "job_ended", job: "reconcile", outcome: "done", durationMs: 1 },
  ]);
  expect(lines).toContain('incident_to_eval_workers_busy{job="reconcile"} 0');
});

test("ten thousand installations make no ten thousand labels", async () => {
  const one = (installationId: number): Occurrence => ({
    kind: "github_request",
    status: 200,
    isLimited: false,
    installationId,
    remaining: 1,
  });
  const lines = await linesAfter(Array.from({ length: 10_000 }, (_, index) => one(index)));
  expect(lines.filter((line) => line.includes("rate_limit_remaining")).length).toBe(501);
});

test("how the store stands is told in seconds and numbers", async () => {
  const lines = (await linesAfter([])).map((line) => line.replace("incident_to_eval_", ""));
  expect(lines).toEqual(
    expect.arrayContaining([
      "store_readable 1",
      'queue_jobs{job="gate-pull-request",state="waiting"} 3',
      'queue_jobs{job="gate-pull-request",state="running"} 1',
      'queue_oldest_due_seconds{job="gate-pull-request"} 60',
      'deliveries_last_day{state="failed"} 1',
      "deliveries_oldest_waiting_seconds 30",
      "checks_open 2",
      "checks_oldest_open_seconds 600",
      'dead_letters{kind="draft-fixtures"} 1',
    ]),
  );
});

test("a store that cannot be read leaves its figures out and says so", async () => {
  const metrics = prometheusMetrics({ events: [], models: [] });
  const write = metricsText(metrics.registry, () => NOW);
  await write(theFigures());
  const { text } = await write(undefined);
  expect(text).toContain("incident_to_eval_store_readable 0");
  expect(text).not.toContain("incident_to_eval_queue_jobs{job=");
});

test("every metric has our prefix and says what it counts", async () => {
  const metrics = prometheusMetrics({ events: [], models: [] });
  const { text, contentType } = await metricsText(metrics.registry, () => NOW)(theFigures());
  const helps = text.split("\n").filter((line) => line.startsWith("# HELP "));
  expect(helps.length).toBeGreaterThan(20);
  expect(helps.filter((line) => !/^# HELP incident_to_eval_\w+ \S.*/.test(line))).toEqual([]);
  expect(text).toContain("incident_to_eval_nodejs_eventloop_lag_seconds");
  expect(contentType).toContain("text/plain");
});
