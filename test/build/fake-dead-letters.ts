import type { DeadLetter, DeadLetters, Decision } from "../../src/ports/dead-letters.ts";

/** Dead letters as plain data. */
export interface FakeDeadLetters extends DeadLetters {
  readonly decisions: Decision[];
  /** Has a delivery fail. */
  failDelivery(id: string, at: Date): Promise<void>;
  /** Lists the deliveries that wait for another attempt. */
  waitingDeliveries(): Promise<readonly string[]>;
}

const PREFIX = "delivery:";

/** A list of what was given up, empty at first. */
export function fakeDeadLetters(): FakeDeadLetters {
  const known = new Set<string>();
  const open = new Map<string, DeadLetter>();
  const waiting = new Set<string>();
  const decisions: Decision[] = [];
  const newestFirst = () =>
    [...open.values()].sort(
      (one, other) => other.at.getTime() - one.at.getTime() || (one.id < other.id ? -1 : 1),
    );
  return {
    decisions,
    async saveGivenUp(job) {
      if (known.has(job.id)) return;
      known.add(job.id);
      open.set(job.id, job);
    },
    searchOpen: async (countMax) => ({ letters: newestFirst().slice(0, countMax), total: open.size }),
    fetchOpen: async (id) => open.get(id),
    async decide(decision) {
      if (!open.delete(decision.id)) return false;
      decisions.push(decision);
      const isDelivery = decision.id.startsWith(PREFIX);
      if (isDelivery && decision.how === "retried") waiting.add(decision.id.slice(PREFIX.length));
      return true;
    },
    async pruneBefore(before) {
      const old = [...open.values()].filter(
        ({ id, at }) => !id.startsWith(PREFIX) && at.getTime() < before.getTime(),
      );
      for (const { id } of old) open.delete(id);
      return old.length;
    },
    async failDelivery(id, at) {
      waiting.delete(id);
      const letter = { kind: "delivery", place: "issues", job: undefined, because: "a bug", attempts: 1, at };
      open.set(PREFIX + id, { id: PREFIX + id, ...letter });
    },
    waitingDeliveries: async () => [...waiting],
  };
}
