import type { Overseers } from "../../src/app/worker.ts";
import type { Occurrence } from "../../src/ports/metrics.ts";
import { type FakeDeadLetters, fakeDeadLetters } from "./fake-dead-letters.ts";

/** Overseers who remember what they saw. */
export interface FakeOverseers extends Overseers {
  readonly occurrences: Occurrence[];
  readonly deadLetters: FakeDeadLetters;
}

/** Overseers of jobs in tests. */
export function fakeOverseers(): FakeOverseers {
  const occurrences: Occurrence[] = [];
  return {
    occurrences,
    metrics: { note: (occurrence) => void occurrences.push(occurrence) },
    deadLetters: fakeDeadLetters(),
    now: () => new Date("2026-11-21T10:00:00Z"),
  };
}
