import { ExternalFailure } from "../../ports/external-failure.ts";
import { type GitHubAnswer, readAnswer } from "./call-github.ts";

/** Entries a page; the most that GitHub gives. */
export const PER_PAGE = 100;
/** Pages of any list: 10,000 entries, far above what GitHub itself allows on an issue or a commit. */
const PAGES_MAX = 100;

/** Reads a list to its end; a list that is longer than we are willing to read is a failure, never a shorter list. */
export async function collectPages<Page, Item>(
  doing: string,
  fetchPage: (page: number) => Promise<GitHubAnswer<Page>>,
  itemsOf: (page: Page) => readonly Item[],
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const answer = await readAnswer(doing, () => fetchPage(page));
    items.push(...itemsOf(answer.data));
    if (!hasNext(answer)) return items;
  }
  throw new ExternalFailure(
    `We could not ${doing}: expected at most ${PAGES_MAX * PER_PAGE} entries, got more`,
    { system: "github", retryable: false },
  );
}

/** Tells whether a list goes on. */
export function hasNext(answer: GitHubAnswer<unknown>): boolean {
  return /;\s*rel="?next"?/.test(String(answer.headers.link ?? ""));
}
