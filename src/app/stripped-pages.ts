import { setImmediate } from "node:timers/promises";
import type { ReportPages } from "../ports/report-pages.ts";
import type { KnownSecrets } from "./known-secrets.ts";

/** Where a page may be taken apart: behind a fixture, so that no secret is cut in two. */
const END_OF_FIXTURE = "</details>\n";
const PART_LENGTH_MIN = 64 * 1024;

/** Takes our secrets out of pages before they are kept, a part at a time: a large one would hold up everything else. */
export function strippedPages(pages: ReportPages, { strip }: Pick<KnownSecrets, "strip">): ReportPages {
  return {
    ...pages,
    async savePage(page) {
      const parts: string[] = [];
      for (const part of partsOf(page.html)) {
        parts.push(strip(part));
        await setImmediate();
      }
      await pages.savePage({ ...page, html: parts.join("") });
    },
  };
}

function* partsOf(html: string): Generator<string> {
  for (let start = 0; start < html.length; ) {
    const found = html.indexOf(END_OF_FIXTURE, start + PART_LENGTH_MIN);
    const end = found === -1 ? html.length : found + END_OF_FIXTURE.length;
    yield html.slice(start, end);
    start = end;
  }
}
