import { EventEmitter } from "node:events";
import { expect, test } from "@jest/globals";
import { stopOnSignals } from "../../src/app/shutdown.ts";
import { aReadableLog } from "../build/log.ts";

/** A process that only notes its end. */
class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];
  #ended: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => {
    this.#ended = resolve;
  });

  exit(code: number): void {
    this.exits.push(code);
    this.#ended();
  }
}

function aProcessThatStops(stop: (drainMs: number) => Promise<void>, drainMs?: number): FakeProcess {
  const process = new FakeProcess();
  const optional = drainMs === undefined ? {} : { drainMs };
  stopOnSignals({ stop, log: aReadableLog().log, process, ...optional });
  return process;
}

test.each(["SIGTERM", "SIGINT"])(
  "%s stops in an orderly way, with 25 seconds for what runs",
  async (signal) => {
    const drains: number[] = [];
    const process = aProcessThatStops(async (drainMs) => void drains.push(drainMs));
    process.emit(signal);
    await process.ended;
    expect(drains).toEqual([25_000]);
    expect(process.exits).toEqual([0]);
  },
);

test("a second signal ends the process at once", async () => {
  let finish: () => void = () => undefined;
  const process = aProcessThatStops(() => new Promise((resolve) => (finish = resolve)));
  process.emit("SIGTERM");
  expect(process.exits).toEqual([]);
  process.emit("SIGINT");
  expect(process.exits).toEqual([1]);
  finish();
});

test("a stop that fails ends the process with an error", async () => {
  const process = aProcessThatStops(() => Promise.reject(new Error("the pool is stuck")));
  process.emit("SIGTERM");
  await process.ended;
  expect(process.exits).toEqual([1]);
});
