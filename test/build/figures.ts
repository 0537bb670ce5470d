import type { StoreFigures } from "../../src/ports/figures.ts";

/** How a store stands that has a little of everything, a minute before ten. */
export function theFigures(change: Partial<StoreFigures> = {}): StoreFigures {
  return {
    queues: [
      {
        job: "gate-pull-request",
        waiting: 3,
        running: 1,
        oldestDueAt: new Date("2026-11-21T09:59:00Z"),
      },
      { job: "draft-fixtures", waiting: 0, running: 0, oldestDueAt: undefined },
    ],
    deliveries: { waiting: 2, processed: 40, failed: 1 },
    oldestWaitingDeliveryAt: new Date("2026-11-21T09:59:30Z"),
    openRuns: 2,
    oldestOpenRunAt: new Date("2026-11-21T09:50:00Z"),
    deadLetters: { "draft-fixtures": 1, delivery: 1 },
    ...change,
  };
}
