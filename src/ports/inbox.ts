import type { Touched } from "./records.ts";

/** A stored delivery that one process has for a while. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly event: string;
  /** The JSON text of the body. */
  readonly payload: string;
  readonly receivedAt: Date;
  /** One for the first attempt; an attempt that a process did not survive counts. */
  readonly attempt: number;
}

/** Deliveries that were claimed together. */
export interface Claim {
  readonly token: string;
  readonly deliveries: readonly ClaimedDelivery[];
}

/** What became of one delivery of a claim. */
export type HandledDelivery<J> =
  | {
      readonly kind: "processed";
      readonly id: string;
      /** What the delivery asks for, in its order. */
      readonly jobs: readonly J[];
      readonly touched: readonly Touched[];
    }
  | { readonly kind: "failed"; readonly id: string; readonly because: string };

/** Hands out the stored deliveries that wait, each to one process at a time. */
export interface Inbox<J> {
  /**
   * Takes the next deliveries for some seconds, oldest first. One that an earlier attempt did not bring to
   * its end comes alone or nearly so, since it may be what ended the process.
   */
  claim(): Promise<Claim>;
  /**
   * Notes what became of the deliveries, counts an event of all that was touched and queues the jobs:
   * all of it or nothing. What was claimed by another process in the meantime is left to that one.
   */
  settle(claim: Claim, handled: readonly HandledDelivery<J>[]): Promise<void>;
  /** Gives back deliveries that nothing was done about; it does not count as an attempt. */
  release(claim: Claim): Promise<void>;
}
