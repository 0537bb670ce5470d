import type { IncomingMessage } from "node:http";

/** A request's body, or why there is none. */
export type Body =
  | { readonly kind: "read"; readonly bytes: Buffer }
  | { readonly kind: "too_large" }
  | { readonly kind: "cut_off" };

/** Reads a body of at most so many bytes; of a larger one nothing more is kept. */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<Body> {
  // The declared length decides before the first byte is kept; the bytes are counted all the same.
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) return discard(request);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      request.removeAllListeners("data");
      resolve(discard(request));
    });
    request.on("end", () => resolve({ kind: "read", bytes: Buffer.concat(chunks) }));
    request.on("error", () => resolve({ kind: "cut_off" }));
  });
}

/** Lets the rest flow away unread: a sender whose connection is cut would not see the answer. */
function discard(request: IncomingMessage): Promise<Body> {
  request.resume();
  return Promise.resolve({ kind: "too_large" });
}
