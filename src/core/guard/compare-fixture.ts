import type { FixtureFile } from "../fixture/fixture.ts";
import { gatesOf } from "../fixture/gate-table.ts";
import { lineOf } from "../fixture/line-of.ts";
import { jsonObject } from "../json.ts";
import { weakeningsBetween } from "./differences.ts";
import { fixtureRules, withOrderedSpans } from "./fixture-rules.ts";
import type { FieldChange } from "./weakening.ts";

/**
 * Lists every place at which the head's version of a fixture asks for less than the base's.
 *
 * Both are compared as they were read, defaults filled in, so that comments, layout, the order of keys and a default
 * that is written out change nothing. Where the file lies changes nothing either.
 */
export function compareFixture(base: FixtureFile, head: FixtureFile, today: string): readonly FieldChange[] {
  return weakeningsBetween(plain(base), plain(head), fixtureRules(today)).map((change) => ({
    ...change,
    line: lineOf(head, change.at),
  }));
}

function plain({ fixture }: FixtureFile) {
  // Layers and tags decide what runs a fixture that does not say so itself.
  const gated = { ...fixture, gates: fixture.gates ?? gatesOf(fixture).types };
  return withOrderedSpans(jsonObject.parse(JSON.parse(JSON.stringify(gated))));
}
