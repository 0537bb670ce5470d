import type { FixtureFile } from "../core/fixture/fixture.ts";
import { nearestWord } from "../core/text/nearest-word.ts";
import { UsageError } from "./command.ts";
import { type Checkout, problemsOf } from "./read-checkout.ts";

/** Finds the fixture that somebody names by its id or file; one that is not there is told with the nearest one. */
export function findFixture(named: string, read: Checkout): FixtureFile {
  const { files } = read.fixtures;
  const found = files.find(
    ({ path, fixture }) => fixture.id === named || path === named.replace(/^\.\//, ""),
  );
  if (found !== undefined) return found;
  const near = nearestWord(
    named,
    files.map(({ fixture }) => fixture.id),
  );
  const broken =
    problemsOf(read).length > 0 ? " Some files cannot be read: run `incident-to-eval validate`." : "";
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new UsageError(
    `there is no fixture ${JSON.stringify(named.slice(0, 80))} under evals/.${hint}${broken}`,
  );
}
