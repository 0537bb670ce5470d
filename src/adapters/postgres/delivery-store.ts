import { type Kysely, sql } from "kysely";
import type { Delivery, DeliveryStore, StoredDelivery } from "../../ports/delivery-store.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import { callDatabase } from "./call-database.ts";
import { clearRows, pruneRows } from "./prune-rows.ts";
import { SCHEMA, type Tables } from "./tables.ts";

/** How many deliveries share one statement at most. */
const GROUP_MAX = 100;
/** One statement is on its way while the next is prepared; an embedded store does one thing at a time anyway. */
const STATEMENTS_MAX = 2;
/** How many characters of payload share one statement, unless one payload alone is larger. */
const GROUP_LENGTH_MAX = 4 * 1024 * 1024;

const DELIVERIES = sql.table(`${SCHEMA}.deliveries`);

type Saved = "stored" | "already_waiting" | "already_processed";

/** A delivery that is to be stored, and the one who waits for it. */
interface Pending {
  readonly delivery: Delivery;
  readonly resolve: (saved: Saved) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Keeps deliveries in PostgreSQL.
 *
 * Those that arrive while a statement is under way share the next one: a burst costs a few statements and
 * not one for each, and a single delivery waits for nothing.
 */
export class PostgresDeliveryStore implements DeliveryStore {
  readonly #kysely: Kysely<Tables>;
  #pending: Pending[] = [];
  #saving = 0;

  constructor(kysely: Kysely<Tables>) {
    this.#kysely = kysely;
  }

  /** Stores the delivery; it waits from then on. */
  saveDelivery(delivery: Delivery): Promise<Saved> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ delivery, resolve, reject });
      if (this.#saving < STATEMENTS_MAX) void this.#saveAll();
    });
  }

  async #saveAll(): Promise<void> {
    this.#saving += 1;
    while (this.#pending.length > 0) {
      const { group, rest } = nextGroup(this.#pending);
      this.#pending = rest;
      await this.#saveApart(group);
    }
    this.#saving -= 1;
  }

  /** Saves a group; where it fails, each alone, so that one delivery cannot stop the others. */
  async #saveApart(group: readonly Pending[]): Promise<void> {
    try {
      const saved = await this.#saveGroup(group.map(({ delivery }) => delivery));
      for (const { delivery, resolve } of group) resolve(saved.get(delivery.id) ?? "already_waiting");
    } catch (cause) {
      // A database that is away is away for each of them.
      if (group.length === 1 || cause instanceof ExternalFailure) {
        for (const { reject } of group) reject(cause);
        return;
      }
      for (const one of group) await this.#saveApart([one]);
    }
  }

  async #saveGroup(deliveries: readonly Delivery[]): Promise<ReadonlyMap<string, Saved>> {
    return callDatabase("store deliveries", async () => {
      const { rows: stored } = await insertStatement(deliveries).execute(this.#kysely);
      const saved = new Map<string, Saved>(stored.map(({ id }) => [id, "stored"]));
      const known = deliveries.map(({ id }) => id).filter((id) => !saved.has(id));
      for (const [id, state] of await this.#statesOf(known)) {
        saved.set(id, state === "processed" ? "already_processed" : "already_waiting");
      }
      return saved;
    });
  }

  async #statesOf(ids: readonly string[]): Promise<readonly (readonly [string, string])[]> {
    if (ids.length === 0) return [];
    const rows = await this.#kysely
      .selectFrom("deliveries")
      .select(["id", "state"])
      .where("id", "in", ids)
      .execute();
    return rows.map(({ id, state }) => [id, state]);
  }

  /** Reads a delivery. */
  async fetchDelivery(id: string): Promise<StoredDelivery | undefined> {
    const row = await callDatabase("read a delivery", () =>
      this.#kysely.selectFrom("deliveries").selectAll().where("id", "=", id).executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    return {
      id: row.id,
      event: row.event,
      payload: row.payload,
      receivedAt: row.received_at,
      state: row.state,
      problem: row.problem ?? undefined,
    };
  }

  /** Forgets the payloads of what was processed before this time. */
  clearPayloads(before: Date): Promise<number> {
    const isOld = sql`state = 'processed' and settled_at < ${before} and payload <> ''`;
    return clearRows(this.#kysely, "deliveries", isOld, sql`payload = ''`);
  }

  /** Removes what was settled before this time, well or badly. */
  pruneSettled(before: Date): Promise<number> {
    const isOld = sql`state in ('processed', 'failed') and settled_at < ${before}`;
    return pruneRows(this.#kysely, "deliveries", isOld);
  }
}

/** The first of those that wait, each id once: a statement can touch a row only once. */
function nextGroup(pending: readonly Pending[]): { group: Pending[]; rest: Pending[] } {
  const group = new Map<string, Pending>();
  const rest: Pending[] = [];
  let length = 0;
  for (const one of pending) {
    const { id, payload } = one.delivery;
    const fits = group.size === 0 || (group.size < GROUP_MAX && length + payload.length <= GROUP_LENGTH_MAX);
    if (fits && !group.has(id)) {
      group.set(id, one);
      length += payload.length;
    } else rest.push(one);
  }
  // In one order for all, so that no two statements wait for each other's rows.
  const ordered = [...group.values()].sort((one, other) => (one.delivery.id < other.delivery.id ? -1 : 1));
  return { group: ordered, rest };
}

/** Written out, because to build it anew from its parts costs more than all else that we do for a delivery. */
function insertStatement(deliveries: readonly Delivery[]) {
  const rows = deliveries.map(
    ({ id, event, payload, receivedAt }) => sql`(${id}, ${event}, ${payload}, ${receivedAt}, 'waiting')`,
  );
  // One that failed is taken up again with what came now; others keep what they have.
  return sql<{ readonly id: string }>`
    insert into ${DELIVERIES} as known (id, event, payload, received_at, state)
    values ${sql.join(rows)}
    on conflict (id) do update
    set event = excluded.event, payload = excluded.payload, received_at = excluded.received_at,
      state = 'waiting', problem = null, settled_at = null, attempts = 0
    where known.state = 'failed'
    returning id
  `;
}
