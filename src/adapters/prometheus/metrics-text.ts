import { Gauge, type Registry } from "prom-client";
import type { StoreFigures } from "../../ports/figures.ts";

const PREFIX = "incident_to_eval_";

/** The page that Prometheus reads. */
export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** Makes the function that writes the page: what was counted, and how the store stands where that could be read. */
export function metricsText(
  registry: Registry,
  now: () => Date,
): (figures: StoreFigures | undefined) => Promise<MetricsText> {
  const gauges = makeGauges(registry);
  return async (figures) => {
    // A figure of an earlier day would pass for one of today.
    for (const gauge of Object.values(gauges)) gauge.reset();
    gauges.storeRead.set(figures === undefined ? 0 : 1);
    if (figures !== undefined) setGauges(gauges, figures, now());
    return { contentType: registry.contentType, text: await registry.metrics() };
  };
}

function makeGauges(registry: Registry) {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge({ name: PREFIX + name, help, labelNames, registers: [registry] });
  return {
    storeRead: gauge("store_readable", "1 where the figures of the store below could be read, 0 where not."),
    jobs: gauge("queue_jobs", "Jobs by kind and state.", ["job", "state"]),
    oldestDue: gauge(
      "queue_oldest_due_seconds",
      "How long the oldest job has been due that waits for a free worker only.",
      ["job"],
    ),
    deliveries: gauge("deliveries_last_day", "Deliveries of the last 24 hours by state.", ["state"]),
    oldestDelivery: gauge("deliveries_oldest_waiting_seconds", "Age of the oldest delivery not processed."),
    openChecks: gauge("checks_open", "Pull requests whose checks are not concluded."),
    oldestCheck: gauge("checks_oldest_open_seconds", "Age of the oldest checks that are not concluded."),
    deadLetters: gauge("dead_letters", "What was given up and nobody has looked at, by kind.", ["kind"]),
  };
}

function setGauges(gauges: ReturnType<typeof makeGauges>, figures: StoreFigures, now: Date): void {
  const secondsSince = (at: Date | undefined): number =>
    at === undefined ? 0 : Math.max(0, (now.getTime() - at.getTime()) / 1_000);
  for (const { job, waiting, running, oldestDueAt } of figures.queues) {
    gauges.jobs.set({ job, state: "waiting" }, waiting);
    gauges.jobs.set({ job, state: "running" }, running);
    gauges.oldestDue.set({ job }, secondsSince(oldestDueAt));
  }
  for (const [state, number] of Object.entries(figures.deliveries)) gauges.deliveries.set({ state }, number);
  gauges.oldestDelivery.set(secondsSince(figures.oldestWaitingDeliveryAt));
  gauges.openChecks.set(figures.openRuns);
  gauges.oldestCheck.set(secondsSince(figures.oldestOpenRunAt));
  for (const [kind, number] of Object.entries(figures.deadLetters)) gauges.deadLetters.set({ kind }, number);
}
