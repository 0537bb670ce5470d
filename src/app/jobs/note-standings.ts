import { plural } from "../../core/report/amounts.ts";
import type { StandingChange } from "../../core/verdict/branch-standing.ts";
import type { Logger } from "../log.ts";

/**
 * Is told when the fixtures of incidents pass on the default branch for the first time, or fail there again.
 *
 * This is the place from which issues are told. It is called once for each change, after the results are kept; a
 * crash in between loses the call and not the results.
 */
export async function noteStandings(
  changes: readonly StandingChange[],
  sha: string,
  log: Pick<Logger, "info">,
): Promise<void> {
  if (changes.length === 0) return;
  const said = changes.map(({ kind, issue, file }) => ({ kind, issue, fixture: file.fixture.id }));
  log.info(
    { sha, changes: said },
    `${plural(changes.length, "incident")} stand otherwise on the default branch`,
  );
}
