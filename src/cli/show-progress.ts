import { plural } from "../core/report/amounts.ts";
import type { Terminal } from "./command.ts";

const ERASE_LINE = "\r\u001b[K";

/** Tells people who wait how far a run is. */
export interface ProgressLine {
  readonly show: (done: number, total: number) => void;
  /** Takes the last line away, so that what follows begins on a clean one. */
  readonly clear: () => void;
}

/** Shows progress on one line that is written over, or on plain lines where nobody watches a terminal. */
export function createProgressLine({
  say,
  isInteractive,
}: Pick<Terminal, "say" | "isInteractive">): ProgressLine {
  const text = (done: number, total: number) => `${done} of ${plural(total, "fixture")} done`;
  if (!isInteractive) {
    return { show: (done, total) => say(`${text(done, total)}\n`), clear: () => undefined };
  }
  let isShown = false;
  return {
    show: (done, total) => {
      isShown = true;
      say(ERASE_LINE + text(done, total));
    },
    clear: () => {
      if (isShown) say(ERASE_LINE);
      isShown = false;
    },
  };
}
