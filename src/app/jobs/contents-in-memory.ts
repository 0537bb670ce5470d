import type { KeptContents } from "../../ports/kept-contents.ts";

/**
 * Characters that are kept at most, for ten thousand fixtures of some 6 kB each; beyond, what nobody asked for longest
 * goes first. A limit below what one commit holds would keep nothing of use, as commits are read from end to end.
 */
const LENGTH_MAX = 64 * 1024 * 1024;

/** Keeps for the life of the process what files said. */
export function contentsInMemory(lengthMax: number = LENGTH_MAX): KeptContents {
  const kept = new Map<string, string>();
  let length = 0;
  const forget = (id: string) => {
    length -= kept.get(id)?.length ?? 0;
    kept.delete(id);
  };

  return {
    async find(ids) {
      const found = new Map<string, string>();
      for (const id of ids) {
        const content = kept.get(id);
        if (content === undefined) continue;
        found.set(id, content);
        // The order of a map is that of setting.
        kept.delete(id);
        kept.set(id, content);
      }
      return found;
    },

    async keep(contents) {
      for (const [id, content] of contents) {
        forget(id);
        kept.set(id, content);
        length += content.length;
      }
      for (const id of kept.keys()) {
        if (length <= lengthMax) return;
        forget(id);
      }
    },
  };
}
