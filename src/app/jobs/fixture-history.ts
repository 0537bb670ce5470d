import { dayOf } from "../../core/fixture/day.ts";
import type { GateReport } from "../../core/report/gate-report.ts";
import { countSides, type FixtureHistory, type Wavering } from "../../core/verdict/wavering.ts";
import type { Wavering as CountedWavering } from "../../ports/fixture-outcomes.ts";
import type { JobDeps } from "./deps.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** What came out longer ago is of other agents. */
const WAVERING_DAYS = 30;
/** So long it is said that a quarantine has ended. */
const ENDED_SAID_DAYS = 14;

type HistoryDeps = Pick<JobDeps, "outcomes" | "decisions" | "now">;

/** Notes how the trials of a run came out, and answers what is known of its blocking fixtures from this and earlier runs. */
export async function updateHistory(
  report: GateReport,
  runId: string,
  deps: HistoryDeps,
): Promise<FixtureHistory> {
  const { repo, verdicts, head, base } = report;
  const now = deps.now();
  const counted = countSides(verdicts, { head: head.sha, base: base.sha });
  await deps.outcomes.saveOutcomes(repo, runId, counted, now);
  const blocking = verdicts.map(({ file }) => file.fixture).filter(({ level }) => level === "blocking");
  const since = new Date(now.getTime() - WAVERING_DAYS * DAY_MS);
  const sides = await deps.outcomes.searchWavering(repo, [...new Set(blocking.map(({ id }) => id))], since);
  return {
    wavering: [...Map.groupBy(sides, ({ fixtureId }) => fixtureId)].map(([id, rows]) => joined(id, rows)),
    endedQuarantines: await searchEnded(repo, now, deps),
  };
}

function joined(fixtureId: string, rows: readonly CountedWavering[]): Wavering {
  const of = (side: CountedWavering["side"]) => {
    const { commits = 0, both = 0 } = rows.find((row) => row.side === side) ?? {};
    return { commits, both };
  };
  return { fixtureId, candidate: of("candidate"), baseline: of("baseline") };
}

/** Finds the quarantines that ended lately, where no other one of the fixture goes on. */
async function searchEnded(
  repo: string,
  now: Date,
  { decisions }: HistoryDeps,
): Promise<FixtureHistory["endedQuarantines"]> {
  const lately = new Date(now.getTime() - ENDED_SAID_DAYS * DAY_MS);
  const known = await decisions.searchQuarantines(repo, lately);
  const isOver = ({ expiresAt }: { readonly expiresAt: Date }) => expiresAt.getTime() <= now.getTime();
  const going = new Set(known.filter((one) => !isOver(one)).map(({ fixture }) => fixture));
  return known
    .filter((one) => isOver(one) && !going.has(one.fixture))
    .map(({ fixture, actor, expiresAt }) => ({ fixture, actor, endedOn: dayOf(expiresAt) }));
}
