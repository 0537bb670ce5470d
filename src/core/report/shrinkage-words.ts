import type { FixtureSize } from "../fixture/minimising/size.ts";
import { plural } from "./amounts.ts";
import type { Shrinkage } from "./incident-answer.ts";

/** Says in plain text how much smaller a fixture became and what that took; without a full stop. */
export function shrinkageWords({ before, after, runs, ended }: Shrinkage): string {
  const rest = ended === "minimal" ? "nothing more can go" : "stopped at a limit, so more might go";
  return `from ${sizeWords(before)} to ${sizeWords(after)}, in ${plural(runs, "run")} of the agent; ${rest}`;
}

function sizeWords({ characters, messages, documents, memory, state, recordings }: FixtureSize): string {
  const parts = [
    [messages, "message"],
    [documents, "document"],
    [memory, "memory record"],
    [state, "state key"],
    [recordings, "recording"],
  ] as const;
  const held = parts.filter(([count]) => count > 0).map(([count, noun]) => plural(count, noun));
  return `${held.join(", ")} (${plural(characters, "character")})`;
}
