import type { Kysely } from "kysely";
import type { Delivery, DeliveryStore, StoredDelivery } from "../../ports/delivery-store.ts";
import { callDatabase } from "./call-database.ts";
import type { Tables } from "./tables.ts";

/** Queues the job that handles a delivery, as part of the transaction that stores it. */
export type EnqueueDelivery = (transaction: Kysely<Tables>, deliveryId: string) => Promise<unknown>;

/** Keeps deliveries in PostgreSQL. */
export class PostgresDeliveryStore implements DeliveryStore {
  readonly #kysely: Kysely<Tables>;
  readonly #enqueue: EnqueueDelivery;

  constructor(kysely: Kysely<Tables>, enqueue: EnqueueDelivery) {
    this.#kysely = kysely;
    this.#enqueue = enqueue;
  }

  /** Stores the delivery and its job, both or neither. */
  async saveDelivery(delivery: Delivery): Promise<"stored" | "already_waiting" | "already_processed"> {
    return callDatabase("store a delivery", () =>
      this.#kysely.transaction().execute(async (transaction) => {
        const inserted = await transaction
          .insertInto("deliveries")
          .values(newRow(delivery))
          // One that failed is taken up again with what came now; others keep what they have.
          .onConflict((conflict) =>
            conflict
              .column("id")
              .doUpdateSet({ ...newRow(delivery), problem: null, settled_at: null })
              .where("deliveries.state", "=", "failed"),
          )
          .returning("id")
          .execute();
        if (inserted.length > 0) {
          await this.#enqueue(transaction, delivery.id);
          return "stored";
        }
        const { state } = await transaction
          .selectFrom("deliveries")
          .select("state")
          .where("id", "=", delivery.id)
          .executeTakeFirstOrThrow();
        return state === "processed" ? "already_processed" : "already_waiting";
      }),
    );
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

  /** Notes that a delivery is processed. */
  async markProcessed(id: string, at: Date): Promise<void> {
    await this.#settle(id, { state: "processed", problem: null, settled_at: at });
  }

  /** Notes that a delivery could not be processed. */
  async markFailed(id: string, problem: string, at: Date): Promise<void> {
    await this.#settle(id, { state: "failed", problem, settled_at: at });
  }

  /** Removes what was processed before this time. */
  async pruneProcessed(before: Date): Promise<number> {
    const { numDeletedRows } = await callDatabase("prune deliveries", () =>
      this.#kysely
        .deleteFrom("deliveries")
        .where("state", "=", "processed")
        .where("settled_at", "<", before)
        .executeTakeFirst(),
    );
    return Number(numDeletedRows);
  }

  async #settle(
    id: string,
    change: { state: "processed" | "failed"; problem: string | null; settled_at: Date },
  ): Promise<void> {
    await callDatabase("note what became of a delivery", () =>
      this.#kysely.updateTable("deliveries").set(change).where("id", "=", id).execute(),
    );
  }
}

function newRow(delivery: Delivery) {
  return {
    id: delivery.id,
    event: delivery.event,
    payload: delivery.payload,
    received_at: delivery.receivedAt,
    state: "waiting" as const,
  };
}
