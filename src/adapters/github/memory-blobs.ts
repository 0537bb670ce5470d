import type { Blobs } from "../../ports/records.ts";

/** Bytes that are kept at most; beyond, the oldest go first. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

/** Keeps git blobs for the life of the process, for commands that have no store. */
export function memoryBlobs(bytesMax: number = KEPT_BYTES_MAX): Blobs {
  const kept = new Map<string, Uint8Array>();
  let bytes = 0;

  return {
    async fetchBlobs(shas) {
      return new Map(
        shas.flatMap((sha) => {
          const content = kept.get(sha);
          return content === undefined ? [] : [[sha, content] as const];
        }),
      );
    },

    async saveBlobs(blobs) {
      for (const [sha, content] of blobs) {
        if (kept.has(sha)) continue;
        kept.set(sha, content);
        bytes += content.byteLength;
      }
      for (const [sha, content] of kept) {
        if (bytes <= bytesMax) return;
        kept.delete(sha);
        bytes -= content.byteLength;
      }
    },
  };
}
