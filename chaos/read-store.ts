import { sql } from "kysely";
import { type DatabasePlace, openDatabase } from "../src/adapters/postgres/open-database.ts";

/** Jobs that come of deliveries; others come back by the clock for ever. */
const KINDS = ["handle-delivery", "draft-fixtures", "gate-pull-request"];
/** Where the queue puts what it gave up. */
const GIVEN_UP = "given-up";
const LEFT = ["created", "retry", "active"];

/** A run of the gate as the app remembers it. */
export interface StoredRun {
  readonly id: string;
  readonly pullRequest: number;
  readonly headSha: string;
  readonly state: string;
}

/** What the app's store holds. */
export interface StoreState {
  /** State of each delivery, by its id. */
  readonly deliveries: ReadonlyMap<string, string>;
  /** Jobs that somebody still has to do, in words. */
  readonly jobsLeft: readonly string[];
  /** Jobs that were tried in vain and given up, in words. */
  readonly jobsGivenUp: readonly string[];
  readonly runs: readonly StoredRun[];
}

/** Reads what the store holds; an embedded one must be free. */
export async function readStore(place: DatabasePlace): Promise<StoreState> {
  const database = await openDatabase(place);
  try {
    const { kysely } = database;
    const deliveries = await kysely.selectFrom("deliveries").select(["id", "state"]).execute();
    const runs = await kysely
      .selectFrom("gate_runs")
      .select(["id", "pull_request", "head_sha", "state"])
      .execute();
    const { rows: jobs } = await sql<StoredJob>`
      select name, state::text, data::text, output::text from pgboss.job
      where name in (${sql.join([...KINDS, GIVEN_UP])})`.execute(kysely);
    return {
      deliveries: new Map(deliveries.map(({ id, state }) => [id, state])),
      jobsLeft: jobs.filter(({ state }) => LEFT.includes(state)).map(inWords),
      jobsGivenUp: jobs.filter(isGivenUp).map(inWords),
      runs: runs.map((run) => ({
        id: run.id,
        pullRequest: run.pull_request,
        headSha: run.head_sha,
        state: run.state,
      })),
    };
  } finally {
    await database.close();
  }
}

interface StoredJob {
  readonly name: string;
  readonly state: string;
  readonly data: string;
  readonly output: string | null;
}

/** What comes back by the clock for ever is never lost. */
function isGivenUp({ name, data }: StoredJob): boolean {
  return name === GIVEN_UP && KINDS.includes(JSON.parse(data).kind);
}

function inWords({ name, state, data, output }: StoredJob): string {
  return `${name} (${state}): ${data}${output === null ? "" : `, ${output}`}`;
}
