import { type FoundValue, PLACEHOLDER, type ValueKind } from "./found-value.ts";

/** Gives each value its placeholder; it lives as long as one call, and nothing leads from a placeholder back to its value. */
export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #last = new Map<ValueKind, number>();
  readonly #taken: ReadonlySet<string>;

  /** What stands in the texts as a placeholder already is given to no other value. */
  constructor(texts: readonly string[]) {
    this.#taken = new Set(texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)].map(([name]) => name)));
  }

  /** Names a value: the same kind and key by the same placeholder. */
  name({ kind, key }: Pick<FoundValue, "kind" | "key">): string {
    const known = this.#names.get(`${kind} ${key}`);
    if (known !== undefined) return known;
    const name = this.#next(kind);
    this.#names.set(`${kind} ${key}`, name);
    return name;
  }

  #next(kind: ValueKind): string {
    let number = this.#last.get(kind) ?? 0;
    let name: string;
    do {
      number += 1;
      name = `[${kind}-${number}]`;
    } while (this.#taken.has(name));
    this.#last.set(kind, number);
    return name;
  }
}
