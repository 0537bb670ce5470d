import { bytesOf, truncate } from "../text/markdown.ts";
import { plural } from "./amounts.ts";

const BETWEEN = "\n\n";
const NOTICE_BYTES = 500;

/** Sections of a page in their order; those in the middle give way when the page is too long. */
export interface Sections {
  readonly first: readonly (string | undefined)[];
  readonly middle: readonly string[];
  readonly last: readonly (string | undefined)[];
}

/** How much of the sections is shown, and where a reader finds the rest. */
export interface Fitting {
  readonly bytesMax: number;
  /** Bytes of each section that is first or last, where it has to leave room for others; default is all. */
  readonly sectionBytesMax?: number;
  /** How many sections in the middle there are in all, where only the first of them were made. */
  readonly middleOf?: number;
  /** What a section in the middle is about; default is `section`. */
  readonly noun?: string;
  /** Said where something was left out: Markdown that begins with a blank. */
  readonly elsewhere?: string;
}

/**
 * Joins sections to a page within a number of bytes.
 *
 * Sections in the middle that find no room are left out whole; those before and behind them end behind a whole
 * line. Either is said.
 */
export function fitSections({ first, middle, last }: Sections, fitting: Fitting): string {
  const { bytesMax, sectionBytesMax = bytesMax, middleOf = middle.length } = fitting;
  const { noun = "section", elsewhere = "" } = fitting;
  const shortened = (section: string): string => endAtLine(section, sectionBytesMax, elsewhere);
  const above = first.filter((section) => section !== undefined).map(shortened);
  const below = last.filter((section) => section !== undefined).map(shortened);
  let room = bytesMax - NOTICE_BYTES - bytesOf([...above, ...below].join(BETWEEN));
  const kept = middle.filter((section) => {
    const size = bytesOf(BETWEEN + section);
    if (size > room) return false;
    room -= size;
    return true;
  });
  const left = middleOf - kept.length;
  const notice =
    left > 0
      ? [`_Left out for length: ${left.toLocaleString("en-GB")} of ${plural(middleOf, noun)}._${elsewhere}`]
      : [];
  const page = [...above, ...kept, ...notice, ...below].join(BETWEEN);
  return truncate(page, { bytesMax, notice: "\n\n… (shortened)" });
}

/** Cuts a section behind a whole line, so that no table and no list ends in the middle of one. */
function endAtLine(section: string, bytesMax: number, elsewhere: string): string {
  if (bytesOf(section) <= bytesMax) return section;
  const cut = truncate(section, { bytesMax, notice: "" });
  const end = cut.lastIndexOf("\n");
  return `${end > 0 ? cut.slice(0, end).trimEnd() : cut}\n\n_… (shortened)_${elsewhere}`;
}
