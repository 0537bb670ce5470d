import type { IncomingMessage } from "node:http";

/** The first bytes of each body come out of a room of their own, so that large bodies cannot crowd out the usual ones. */
const SMALL_BODY_BYTES = 256 * 1024;
const SMALL_ROOM_BYTES = 32 * 1024 * 1024;
/** Two of the largest payloads. What a body costs in all is a multiple: it is joined, decoded and parsed. */
const LARGE_ROOM_BYTES = 50 * 1024 * 1024;

/** A body that is not whole after this time gives way where it comes more slowly than the bytes below. */
const GIVES_WAY_AFTER_MS = 1_000;
const GIVES_WAY_BELOW_BYTES_PER_MS = 256;

/** A request's body, or why there is none. */
export type Body =
  | { readonly kind: "read"; readonly bytes: Buffer }
  | { readonly kind: "too_large" }
  | { readonly kind: "no_room" }
  | { readonly kind: "cut_off" };

/** The bytes of one body that are held. */
interface HeldBytes {
  /** Holds so many bytes in all; refuses where others hold too many and none of them gives way. */
  growTo(bytes: number): boolean;
  /** Has somebody told once the body has to give way to a faster one; it holds nothing any more then. */
  onGiveWay(tell: () => void): void;
  /** The body came whole: from now on it does not give way. */
  keep(): void;
  /** Holds nothing more. */
  free(): void;
}

/** Bounds the bytes of all bodies that are in memory at one time. */
export interface BodyRoom {
  /** Begins to hold the bytes of one more body. */
  hold(): HeldBytes;
}

/** A body as the room sees it. */
interface Holder {
  readonly sinceMs: number;
  giveWay: () => void;
  held: Bytes;
  isWhole: boolean;
}

interface Bytes {
  readonly small: number;
  readonly large: number;
}

const NO_BYTES: Bytes = { small: 0, large: 0 };

/**
 * Makes room for the bodies of a server.
 *
 * Nobody has shown yet that a body is GitHub's while it comes in. Where the room is full, those that come so slowly
 * that they may never end give way, the slowest first; real deliveries take a part of a second.
 */
export function newBodyRoom(nowMs: () => number = () => performance.now()): BodyRoom {
  const holders = new Set<Holder>();
  let used = NO_BYTES;

  const change = (holder: Holder, next: Bytes): boolean => {
    const then = {
      small: used.small - holder.held.small + next.small,
      large: used.large - holder.held.large + next.large,
    };
    if (then.small > SMALL_ROOM_BYTES || then.large > LARGE_ROOM_BYTES) return false;
    used = then;
    holder.held = next;
    return true;
  };
  const free = (holder: Holder): void => {
    change(holder, NO_BYTES);
    holders.delete(holder);
  };

  return {
    hold() {
      const own: Holder = { sinceMs: nowMs(), giveWay: () => undefined, held: NO_BYTES, isWhole: false };
      holders.add(own);
      return {
        onGiveWay: (tell) => {
          own.giveWay = tell;
        },
        growTo(bytes) {
          const next = {
            small: Math.min(bytes, SMALL_BODY_BYTES),
            large: Math.max(0, bytes - SMALL_BODY_BYTES),
          };
          while (!change(own, next)) {
            const slowest = slowestOf(holders, own, nowMs());
            if (slowest === undefined) return false;
            free(slowest);
            slowest.giveWay();
          }
          return true;
        },
        keep: () => {
          own.isWhole = true;
        },
        free: () => free(own),
      };
    },
  };
}

/** The slowest body that has to give way to others, where there is one. */
function slowestOf(holders: ReadonlySet<Holder>, own: Holder, nowMs: number): Holder | undefined {
  const rates = [...holders]
    .filter((holder) => holder !== own && !holder.isWhole && nowMs - holder.sinceMs >= GIVES_WAY_AFTER_MS)
    .map((holder) => ({
      holder,
      bytesPerMs: (holder.held.small + holder.held.large) / (nowMs - holder.sinceMs),
    }))
    .filter(({ bytesPerMs }) => bytesPerMs < GIVES_WAY_BELOW_BYTES_PER_MS);
  return rates.sort((one, other) => one.bytesPerMs - other.bytesPerMs)[0]?.holder;
}

/** Reads a body of at most so many bytes; of one that is larger, or for which there is no room, nothing more is kept. */
export function readBody(request: IncomingMessage, bytesMax: number, held?: HeldBytes): Promise<Body> {
  // The declared length decides before the first byte is kept; the bytes are counted all the same.
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) return discard(request, "too_large");
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const giveUp = (kind: "too_large" | "no_room"): void => {
      chunks.length = 0;
      request.removeAllListeners("data");
      resolve(discard(request, kind));
    };
    held?.onGiveWay(() => giveUp("no_room"));
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) giveUp("too_large");
      else if (held?.growTo(bytes) === false) giveUp("no_room");
      else chunks.push(chunk);
    });
    request.on("end", () => {
      held?.keep();
      const [only] = chunks;
      // Most bodies come in one piece, which needs no copy.
      resolve({
        kind: "read",
        bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks),
      });
    });
    request.on("error", () => resolve({ kind: "cut_off" }));
  });
}

/** Lets the rest flow away unread: a sender whose connection is cut would not see the answer. */
function discard(request: IncomingMessage, kind: "too_large" | "no_room"): Promise<Body> {
  request.resume();
  return Promise.resolve({ kind });
}
