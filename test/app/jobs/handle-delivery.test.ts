import { expect, test } from "@jest/globals";
import {
  clearUpHandleDelivery,
  type DeliveryDeps,
  runHandleDelivery,
} from "../../../src/app/jobs/handle-delivery.ts";
import type { StoredDelivery } from "../../../src/ports/delivery-store.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import { aDelivery } from "../../build/delivery.ts";

const job = { kind: "handle-delivery", deliveryId: "d1" } as const;
const down = new ExternalFailure("the database is down", { system: "database", retryable: true });

function aDeliveryWorld(stored: StoredDelivery | undefined, receive: () => Promise<void>) {
  const did: string[] = [];
  const deps: DeliveryDeps = {
    receive: async ({ name }) => {
      did.push(`received ${name}`);
      await receive();
    },
    now: () => new Date("2026-11-21T10:00:00Z"),
    deliveries: {
      saveDelivery: async () => "stored",
      fetchDelivery: async () => stored,
      markProcessed: async (id) => void did.push(`${id} is processed`),
      markFailed: async (id, problem) => void did.push(`${id} failed: ${problem}`),
      pruneSettled: async () => 0,
    },
  };
  return { deps, did };
}

function waiting(payload = "{}"): StoredDelivery {
  return { ...aDelivery({ id: "d1", event: "issues", payload }), state: "waiting", problem: undefined };
}

const received = async () => undefined;

test("a waiting delivery is received, then noted as processed", async () => {
  const { deps, did } = aDeliveryWorld(waiting(), received);
  await runHandleDelivery(job, deps);
  expect(did).toEqual(["received issues", "d1 is processed"]);
});

test.each([
  ["that is processed already", { ...waiting(), state: "processed" } as const],
  ["that is pruned", undefined],
])("a delivery %s is left alone", async (_what, stored) => {
  const { deps, did } = aDeliveryWorld(stored, received);
  await runHandleDelivery(job, deps);
  expect(did).toEqual([]);
});

test.each([
  { what: "the outside's failure among others", thrown: [new Error("other"), down], says: down.message },
  {
    what: "one failure of ours",
    thrown: [new Error("expected other values")],
    says: "expected other values",
  },
])("of what the handlers threw, $what is told and nothing is processed", async ({ thrown, says }) => {
  const { deps, did } = aDeliveryWorld(waiting(), async () => {
    throw new AggregateError(thrown);
  });
  await expect(runHandleDelivery(job, deps)).rejects.toThrow(says);
  expect(did).toEqual(["received issues"]);
});

test("a failure that gathers nothing is told itself", async () => {
  const { deps } = aDeliveryWorld(waiting(), async () => {
    throw new AggregateError([], "nothing gathered");
  });
  await expect(runHandleDelivery(job, deps)).rejects.toThrow("nothing gathered");
});

test("a payload that is no JSON is not handed to anybody", async () => {
  const { deps, did } = aDeliveryWorld(waiting("{"), received);
  await expect(runHandleDelivery(job, deps)).rejects.toThrow(SyntaxError);
  expect(did).toEqual([]);
});

test("a delivery that was given up is kept as failed, with the reason", async () => {
  const { deps, did } = aDeliveryWorld(waiting(), received);
  await clearUpHandleDelivery(job, "expected other values at issue.number", deps);
  expect(did).toEqual(["d1 failed: expected other values at issue.number"]);
});
