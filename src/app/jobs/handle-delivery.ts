import type { Probot } from "probot";
import type { DeliveryStore } from "../../ports/delivery-store.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { HandleDelivery } from "./job.ts";

/** What handling deliveries needs. */
export interface DeliveryDeps {
  readonly deliveries: DeliveryStore;
  /** Hands an event to its handlers, which only enqueue. */
  readonly receive: Probot["receive"];
  readonly now: () => Date;
}

/** Stored delivery in, queued jobs out. */
export async function runHandleDelivery(job: HandleDelivery, deps: DeliveryDeps): Promise<void> {
  const delivery = await deps.deliveries.fetchDelivery(job.deliveryId);
  if (delivery === undefined || delivery.state === "processed") return;
  await received(() =>
    // The event's name was checked at the front; an event that nobody handles is received and does nothing.
    deps.receive({
      id: delivery.id,
      name: delivery.event,
      payload: JSON.parse(delivery.payload),
    } as Parameters<Probot["receive"]>[0]),
  );
  await deps.deliveries.markProcessed(delivery.id, deps.now());
}

/** Notes that a delivery could not be handled, so that it may be asked for again. */
export async function clearUpHandleDelivery(
  job: HandleDelivery,
  because: string,
  deps: DeliveryDeps,
): Promise<void> {
  await deps.deliveries.markFailed(job.deliveryId, because, deps.now());
}

/** Probot gathers what its handlers throw into one error; the outside's failure among them decides on a retry. */
async function received(receive: () => Promise<void>): Promise<void> {
  try {
    await receive();
  } catch (gathered) {
    const causes: readonly unknown[] = gathered instanceof AggregateError ? gathered.errors : [gathered];
    throw causes.find((cause) => cause instanceof ExternalFailure) ?? causes[0] ?? gathered;
  }
}
