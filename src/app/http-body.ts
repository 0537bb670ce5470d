import type { IncomingMessage } from "node:http";

/** The first bytes of each body come out of a room of their own, so that large bodies cannot crowd out the usual ones. */
const SMALL_BODY_BYTES = 256 * 1024;
const SMALL_ROOM_BYTES = 32 * 1024 * 1024;
/** Two of the largest payloads. What a body costs in all is a multiple: it is joined, decoded and parsed. */
const LARGE_ROOM_BYTES = 50 * 1024 * 1024;

/** A request's body, or why there is none. */
export type Body =
  | { readonly kind: "read"; readonly bytes: Buffer }
  | { readonly kind: "too_large" }
  | { readonly kind: "no_room" }
  | { readonly kind: "cut_off" };

/** The bytes of one body that are held. */
interface HeldBytes {
  /** Holds so many bytes in all; refuses where others hold too many. */
  growTo(bytes: number): boolean;
  /** Holds nothing more. */
  free(): void;
}

/** Bounds the bytes of all bodies that are in memory at one time. */
export interface BodyRoom {
  /** Begins to hold the bytes of one more body. */
  hold(): HeldBytes;
}

/** Makes room for the bodies of a server. */
export function newBodyRoom(): BodyRoom {
  let small = 0;
  let large = 0;
  return {
    hold() {
      let held = { small: 0, large: 0 };
      const change = (next: typeof held): boolean => {
        const smallThen = small - held.small + next.small;
        const largeThen = large - held.large + next.large;
        if (smallThen > SMALL_ROOM_BYTES || largeThen > LARGE_ROOM_BYTES) return false;
        small = smallThen;
        large = largeThen;
        held = next;
        return true;
      };
      return {
        growTo: (bytes) =>
          change({
            small: Math.min(bytes, SMALL_BODY_BYTES),
            large: Math.max(0, bytes - SMALL_BODY_BYTES),
          }),
        free: () => void change({ small: 0, large: 0 }),
      };
    },
  };
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
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) giveUp("too_large");
      else if (held?.growTo(bytes) === false) giveUp("no_room");
      else chunks.push(chunk);
    });
    request.on("end", () => resolve({ kind: "read", bytes: Buffer.concat(chunks) }));
    request.on("error", () => resolve({ kind: "cut_off" }));
  });
}

/** Lets the rest flow away unread: a sender whose connection is cut would not see the answer. */
function discard(request: IncomingMessage, kind: "too_large" | "no_room"): Promise<Body> {
  request.resume();
  return Promise.resolve({ kind });
}
