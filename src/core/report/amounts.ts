const MODELS_SHOWN_MAX = 5;
/** Between digits that have three, six, nine … others behind them, none of them after a point. */
const THOUSANDS = /(?<!\..*)\B(?=(?:\d{3})+(?!\d))/g;

/** Counts a noun in English: `1 fixture`, `2 fixtures`. */
export function plural(count: number, noun: string): string {
  // The tables of languages that `toLocaleString` asks take longer to load than a whole report to write.
  const grouped = String(count).replace(THOUSANDS, ",");
  return `${grouped} ${count === 1 ? noun : `${noun}s`}`;
}

/** Says a cost in USD, with more digits where there are only cents. */
export function costText(costUsd: number): string {
  if (costUsd === 0) return "$0";
  return `$${costUsd < 0.1 ? costUsd.toFixed(4).replace(/0{1,2}$/, "") : costUsd.toFixed(2)}`;
}

/** Says what a run cost; models without a known price, named as they are to be shown, make it a lower bound. */
export function spendingText(costUsd: number, unpricedModels: readonly string[]): string {
  if (unpricedModels.length === 0) return costText(costUsd);
  const models = listing(unpricedModels, MODELS_SHOWN_MAX);
  return `≥ ${costText(costUsd)} (no known price for ${models}: towards the limit counted at the dearest known price)`;
}

/** Says a duration in the unit that people would use. */
export function durationText(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1).replace(/\.0$/, "")} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  return `${minutes} min ${Math.round(seconds) % 60} s`;
}

/** Lists items in a sentence, the first few by name and the rest by number. */
export function listing(items: readonly string[], shownMax: number, word: "and" | "or" = "and"): string {
  const shown = items.slice(0, shownMax);
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(", ")} and ${rest} more`;
  if (shown.length < 2) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} ${word} ${shown.at(-1)}`;
}
