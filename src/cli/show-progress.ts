import { costText, durationText, plural } from "../core/report/amounts.ts";
import { type Standing, standingOf, VERDICT_WORDS } from "../core/report/standing.ts";
import { coloursOf } from "../core/report/terminal-colours.ts";
import type { SuiteWatcher } from "../core/suite/run-suite.ts";
import { oneLine } from "../core/text/markdown.ts";
import type { Trial } from "../core/trial/trial.ts";
import type { FixtureVerdict } from "../core/verdict/verdict.ts";
import type { Terminal } from "./command.ts";

const ERASE_LINE = "\r\u001b[K";
/** A line that is written over more often only flickers. */
const REDRAW_INTERVAL_MS = 100;
/** Where nobody watches, a line now and then shows that the run lives. */
const LINE_INTERVAL_MS = 10_000;
const COLUMNS_DEFAULT = 80;
/** What fewer fixtures took says little of the others. */
const SEEN_FIXTURES_MIN = 3;

/** Tells people who wait how far a run is, and what fails as soon as it does. */
export interface Progress extends SuiteWatcher {
  /** Takes the last line away, so that what follows begins on a clean one. */
  readonly clear: () => void;
}

type Watched = Pick<Terminal, "say" | "isInteractive" | "coloursSaid" | "columns" | "elapsedMs">;

/** Counts of a run so far. */
interface Counts {
  done: number;
  trials: number;
  reused: number;
  spentUsd: number;
  readonly standings: Record<Standing, number>;
}

/** Shows progress on one line that is written over, or on a line now and then where nobody watches a terminal. */
export function createProgress(total: number, terminal: Watched): Progress {
  const startedMs = terminal.elapsedMs();
  const line = terminal.isInteractive ? overwrittenLine(terminal) : quietLines(terminal, startedMs);
  const counts: Counts = {
    done: 0,
    trials: 0,
    reused: 0,
    spentUsd: 0,
    standings: { failing: 0, undecided: 0, listed: 0, passing: 0 },
  };
  const show = () => line.show(() => progressText(counts, total, terminal.elapsedMs() - startedMs));
  return {
    trialDone: (trial, spentUsd) => {
      counts.trials += 1;
      if (isReused(trial)) counts.reused += 1;
      counts.spentUsd = spentUsd;
      show();
    },
    fixtureDone: (verdict, spentUsd) => {
      counts.done += 1;
      counts.standings[standingOf(verdict)] += 1;
      counts.spentUsd = spentUsd;
      if (isTold(verdict)) line.tell(failureText(verdict, terminal.coloursSaid));
      show();
    },
    clear: line.clear,
  };
}

/** What was not run for one reason is told once, at the end. */
function isTold(verdict: FixtureVerdict): boolean {
  return ["failing", "undecided"].includes(standingOf(verdict)) && verdict.verdict !== "not_run";
}

function isReused(trial: Trial): boolean {
  return trial.status !== "errored" && trial.kept?.reused === true;
}

function failureText(verdict: FixtureVerdict, isColoured: boolean): string {
  const { red, yellow } = coloursOf(isColoured);
  const text = `${verdict.file.fixture.id}: ${VERDICT_WORDS[verdict.verdict]}`;
  const marked = standingOf(verdict) === "failing" ? red(`✗ ${text}`) : yellow(`? ${text}`);
  return `${marked}: ${oneLine(verdict.because)}\n`;
}

function progressText(counts: Counts, total: number, elapsedMs: number): string {
  const { done, trials, reused, spentUsd, standings } = counts;
  const said = (count: number, word: string) => (count === 0 ? [] : [`${count} ${word}`]);
  return [
    `${done} of ${plural(total, "fixture")} done`,
    ...said(standings.passing, "passed"),
    ...said(standings.failing, "failed"),
    ...said(standings.undecided, "not decided"),
    ...said(standings.listed, "listed"),
    plural(trials, "trial") + (reused === 0 ? "" : ` (${reused} from the cache)`),
    costText(spentUsd),
    ...timeLeft(done, total, elapsedMs),
  ].join(" · ");
}

function timeLeft(done: number, total: number, elapsedMs: number): readonly string[] {
  if (done < Math.min(SEEN_FIXTURES_MIN, total) || done === total || elapsedMs <= 0) return [];
  const leftMs = (elapsedMs / done) * (total - done);
  return [`about ${durationText(Math.ceil(leftMs / 1_000) * 1_000)} left`];
}

interface Line {
  readonly show: (text: () => string) => void;
  readonly tell: (text: string) => void;
  readonly clear: () => void;
}

function overwrittenLine({ say, elapsedMs, columns = COLUMNS_DEFAULT }: Watched): Line {
  let shown: string | undefined;
  let shownMs = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (shown !== undefined) say(ERASE_LINE);
    shown = undefined;
  };
  return {
    show: (text) => {
      if (shown !== undefined && elapsedMs() - shownMs < REDRAW_INTERVAL_MS) return;
      // A line that wraps could not be written over.
      shown = text().slice(0, columns - 1);
      shownMs = elapsedMs();
      say(ERASE_LINE + shown);
    },
    tell: (text) => {
      const line = shown;
      clear();
      say(text);
      if (line !== undefined) say(line);
      shown = line;
    },
    clear,
  };
}

function quietLines({ say, elapsedMs }: Watched, startedMs: number): Line {
  let shownMs = startedMs;
  return {
    show: (text) => {
      if (elapsedMs() - shownMs < LINE_INTERVAL_MS) return;
      shownMs = elapsedMs();
      say(`${text()}\n`);
    },
    tell: say,
    clear: () => undefined,
  };
}
