import type { Decisions } from "../ports/decisions.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Blobs } from "../ports/records.ts";

/** Counts what is read from the store that GitHub was not asked for. */
export function countedBlobs(blobs: Blobs, metrics: Metrics): Blobs {
  return {
    async fetchBlobs(shas) {
      const kept = await blobs.fetchBlobs(shas);
      if (kept.size > 0) metrics.note({ kind: "github_spared", count: kept.size });
      return kept;
    },
    saveBlobs: (some) => blobs.saveBlobs(some),
  };
}

/** Counts what people decide against what we say, each decision once. */
export function countedDecisions(decisions: Decisions, metrics: Metrics): Decisions {
  return {
    ...decisions,
    async saveDecision(decision) {
      const saved = await decisions.saveDecision(decision);
      if (saved === "saved") metrics.note({ kind: "decided", what: decision.kind });
      return saved;
    },
  };
}
