import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { assertNever } from "../../core/problem.ts";
import type { Metrics, Occurrence } from "../../ports/metrics.ts";
import { boundedLabel } from "./bounded-label.ts";

/** Every metric begins with this. */
const PREFIX = "incident_to_eval_";
/** More installations than this share one label. */
const INSTALLATIONS_MAX = 500;
const AGE_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200];
const JOB_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 1_800, 3_600, 7_200];

/** What may stand in labels. Whoever sends us something must not make the list longer: all else counts as `other`. */
export interface Labels {
  /** Events that the App listens to. */
  readonly events: readonly string[];
  readonly models: readonly string[];
}

/** Counts in the form that Prometheus reads. */
export interface PrometheusMetrics extends Metrics {
  /** Where further metrics of the same page are kept. */
  readonly registry: Registry;
}

/** Makes the counters of this process, with what Node tells of itself. */
export function prometheusMetrics(labels: Labels): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const instruments = makeInstruments(registry);
  const bounds = {
    event: boundedLabel({ known: labels.events }),
    model: boundedLabel({ known: labels.models }),
    installation: boundedLabel({ known: [], learnedMax: INSTALLATIONS_MAX }),
  };
  return { registry, note: (occurrence) => count(occurrence, instruments, bounds) };
}

type Instruments = ReturnType<typeof makeInstruments>;
type Bounds = Readonly<Record<"event" | "model" | "installation", (value: string) => string>>;

function makeInstruments(registry: Registry) {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: PREFIX + name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: PREFIX + name, help, labelNames, registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: number[],
  ) => new Histogram({ name: PREFIX + name, help, labelNames, buckets, registers });
  return {
    gitHubRequests: counter("github_requests_total", "Requests to GitHub by what came of them.", ["status"]),
    remaining: gauge("github_rate_limit_remaining", "Requests that GitHub still allows an installation.", [
      "installation",
    ]),
    taken: counter("deliveries_taken_total", "Webhook deliveries by event and how they were taken.", [
      "event",
      "outcome",
    ]),
    settled: histogram(
      "delivery_age_seconds",
      "Age of a delivery when it was processed.",
      ["outcome"],
      AGE_SECONDS,
    ),
    handlerErrors: counter("handler_errors_total", "Deliveries that could not be processed, by event.", [
      "event",
    ]),
    busy: gauge("workers_busy", "Jobs that run in this process.", ["job"]),
    jobs: histogram("job_duration_seconds", "Attempts at jobs by outcome.", ["job", "outcome"], JOB_SECONDS),
    concluded: histogram(
      "checks_concluded_seconds",
      "Time from the event of a pull request to the conclusion of its checks.",
      [],
      JOB_SECONDS,
    ),
    proposals: counter(
      "drafts_proposed_total",
      "Pull requests for drafted fixtures by what became of them.",
      ["outcome"],
    ),
    closed: counter("drafts_closed_total", "Pull requests for drafted fixtures that people closed.", [
      "outcome",
    ]),
    decided: counter("decisions_total", "What people decided against what the app said, by kind.", ["kind"]),
    redeliveries: counter(
      "redeliveries_asked_total",
      "Missed deliveries that GitHub was asked for again.",
      [],
    ),
    modelCalls: counter("model_calls_total", "Requests to models.", ["model", "outcome"]),
    tokens: counter("model_tokens_total", "Tokens of models by kind.", ["model", "kind"]),
    cost: counter("model_cost_usd_total", "Cost of models with a known price, in USD.", ["model"]),
  };
}

function count(occurrence: Occurrence, on: Instruments, bounds: Bounds): void {
  switch (occurrence.kind) {
    case "github_request": {
      on.gitHubRequests.inc({ status: statusClass(occurrence.status, occurrence.isLimited) });
      const { installationId, remaining } = occurrence;
      if (installationId !== undefined && remaining !== undefined)
        on.remaining.set({ installation: bounds.installation(String(installationId)) }, remaining);
      break;
    }
    case "github_spared":
      on.gitHubRequests.inc({ status: "cached" }, occurrence.count);
      break;
    case "delivery_taken":
      on.taken.inc({ event: bounds.event(occurrence.event), outcome: occurrence.intake });
      break;
    case "delivery_settled":
      on.settled.observe({ outcome: occurrence.outcome }, occurrence.ageMs / 1_000);
      if (occurrence.outcome === "failed") on.handlerErrors.inc({ event: bounds.event(occurrence.event) });
      break;
    case "job_began":
      on.busy.inc({ job: occurrence.job });
      break;
    case "job_ended": {
      const { job, outcome, durationMs } = occurrence;
      on.busy.dec({ job });
      on.jobs.observe({ job, outcome }, durationMs / 1_000);
      break;
    }
    case "checks_concluded":
      on.concluded.observe(occurrence.afterMs / 1_000);
      break;
    case "drafts_proposed":
      on.proposals.inc({ outcome: occurrence.outcome });
      break;
    case "drafts_closed":
      on.closed.inc({ outcome: occurrence.outcome });
      break;
    case "decided":
      on.decided.inc({ kind: occurrence.what });
      break;
    case "redeliveries_asked":
      on.redeliveries.inc(occurrence.count);
      break;
    case "model_failed":
      on.modelCalls.inc({ model: bounds.model(occurrence.model), outcome: "failed" });
      break;
    case "model_answered":
      countAnswer(occurrence, on, bounds.model(occurrence.model));
      break;
    default:
      assertNever(occurrence);
  }
}

function countAnswer(
  { usage, costUsd }: Extract<Occurrence, { kind: "model_answered" }>,
  on: Instruments,
  model: string,
): void {
  on.modelCalls.inc({ model, outcome: "answered" });
  on.tokens.inc({ model, kind: "input" }, usage.inputTokens);
  on.tokens.inc({ model, kind: "output" }, usage.outputTokens);
  on.tokens.inc({ model, kind: "cache_read" }, usage.cacheReadTokens);
  on.tokens.inc({ model, kind: "cache_write" }, usage.cacheWriteTokens);
  if (costUsd !== undefined) on.cost.inc({ model }, costUsd);
}

function statusClass(status: number | undefined, isLimited: boolean): string {
  if (status === undefined) return "none";
  // Answered from what we have, since nothing changed.
  if (status === 304) return "cached";
  return isLimited ? "limited" : `${Math.floor(status / 100)}xx`;
}
