import { bytesOf, truncate } from "../text/markdown.ts";

const BETWEEN = "\n\n";
const NOTICE_BYTES = 200;

/** Sections of a page in their order; those in the middle give way when the page is too long. */
export interface Sections {
  readonly first: readonly (string | undefined)[];
  readonly middle: readonly string[];
  readonly last: readonly (string | undefined)[];
}

/** Joins sections to a page within a number of bytes; sections that find no room are left out whole, and it is said. */
export function fitSections({ first, middle, last }: Sections, bytesMax: number): string {
  const above = first.filter((section) => section !== undefined);
  const below = last.filter((section) => section !== undefined);
  let room = bytesMax - NOTICE_BYTES - bytesOf([...above, ...below].join(BETWEEN));
  const kept = middle.filter((section) => {
    const size = bytesOf(BETWEEN + section);
    if (size > room) return false;
    room -= size;
    return true;
  });
  const left = middle.length - kept.length;
  const notice = left > 0 ? [`_Left out for length: ${left} more of ${middle.length} sections._`] : [];
  const page = [...above, ...kept, ...notice, ...below].join(BETWEEN);
  return truncate(page, { bytesMax, notice: "\n\n… (shortened)" });
}
