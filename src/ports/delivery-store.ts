/** One webhook delivery as GitHub sent it. */
export interface Delivery {
  /** GitHub's delivery id: the same when it delivers again. */
  readonly id: string;
  readonly event: string;
  /** The JSON text of the body, unchanged. */
  readonly payload: string;
  readonly receivedAt: Date;
}

/** A delivery and what became of it. */
export interface StoredDelivery extends Delivery {
  readonly state: "waiting" | "processed" | "failed";
  readonly problem: string | undefined;
}

/** Keeps webhook deliveries, before and after they are processed. */
export interface DeliveryStore {
  /** Stores the delivery, which waits in the inbox from then on; one that failed before gets another chance. */
  saveDelivery(delivery: Delivery): Promise<"stored" | "already_waiting" | "already_processed">;
  /** Reads a delivery, or undefined where it was never stored or is pruned. */
  fetchDelivery(id: string): Promise<StoredDelivery | undefined>;
  /** Forgets what was in deliveries that were processed before this time, and answers how many; that they were is kept. */
  clearPayloads(before: Date): Promise<number>;
  /** Removes deliveries that were processed or failed before this time and answers how many. */
  pruneSettled(before: Date): Promise<number>;
}
