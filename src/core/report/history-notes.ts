import { inlineCode } from "../text/markdown.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { type BothWays, type FixtureHistory, wavers } from "../verdict/wavering.ts";
import { plural } from "./amounts.ts";
import { ownerOf } from "./next-steps.ts";

/** Says which fixtures waver over the last runs, and whose quarantine has ended, each with its owner. */
export function historyNotes(
  own: readonly FixtureVerdict[],
  history: FixtureHistory | undefined,
): readonly string[] {
  if (history === undefined) return [];
  const wavering = new Map(history.wavering.map((one) => [one.fixtureId, one]));
  const ended = new Map(history.endedQuarantines.map((one) => [one.fixture, one]));
  const fixtures = new Map(own.map((verdict) => [verdict.file.fixture.id, verdict]));
  return [...fixtures].flatMap(([id, verdict]) => {
    const known = wavering.get(id);
    // Where not every trial has to pass, one that fails is no sign of anything.
    const isMeantToHold = verdict.file.fixture.trials.pass_rate === 1;
    const quarantine = ended.get(id);
    return [
      ...(known !== undefined && isMeantToHold && wavers(known)
        ? [
            `${inlineCode(id)} **wavers**: its trials came out both ways on ${bothWays(known.candidate)} that were judged and on ${bothWays(known.baseline)} that they were compared with. That is up to ${ownerOf(verdict)}.`,
          ]
        : []),
      ...(quarantine === undefined
        ? []
        : [
            `The **quarantine** of ${inlineCode(id)} by ${inlineCode(quarantine.actor)} ended on ${quarantine.endedOn}: it counts again. That is up to ${ownerOf(verdict)}.`,
          ]),
    ];
  });
}

function bothWays({ both, commits }: BothWays): string {
  return `${both} of ${plural(commits, "commit")}`;
}
