import type { Delivery } from "../../src/ports/delivery-store.ts";

/** A webhook delivery of an issue that was opened. */
export function aDelivery(change: Partial<Delivery> = {}): Delivery {
  return {
    id: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    event: "issues",
    payload: '{"action":"opened"}',
    receivedAt: new Date("2026-11-21T10:00:00Z"),
    ...change,
  };
}
