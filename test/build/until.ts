import { setTimeout as sleep } from "node:timers/promises";

const WAIT_MS_MAX = 20_000;
const LOOK_MS = 10;

/** Waits until something is the case; fails the test when it does not come about. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += LOOK_MS) {
    if (waitedMs > WAIT_MS_MAX) throw new Error(`waited ${WAIT_MS_MAX} ms in vain for: ${isSo}`);
    await sleep(LOOK_MS);
  }
}
