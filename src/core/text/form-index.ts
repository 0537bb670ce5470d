/** Where something stands in a text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** As many characters of a form decide where it is looked up; shorter ones are too likely to be parts of ordinary words. */
export const FORM_LENGTH_MIN = 6;
const HASHES = 0x10000;

/** Finds many strings in a text in one pass over it; strings that are too short are left out. */
export class FormIndex {
  readonly #hashes = new Uint8Array(HASHES);
  readonly #byBeginning = new Map<string, string[]>();

  constructor(forms: Iterable<string>) {
    for (const form of new Set(forms)) {
      if (form.length < FORM_LENGTH_MIN) continue;
      const beginning = form.slice(0, FORM_LENGTH_MIN);
      this.#hashes[hashAt(form, 0)] = 1;
      const others = this.#byBeginning.get(beginning);
      if (others === undefined) this.#byBeginning.set(beginning, [form]);
      else others.push(form);
    }
    for (const forms of this.#byBeginning.values()) forms.sort((a, b) => b.length - a.length);
  }

  /** Gives where they stand, in the order of the text, at each place the longest. */
  find(text: string): readonly Stretch[] {
    const found: Stretch[] = [];
    for (let at = 0; at + FORM_LENGTH_MIN <= text.length; at += 1) {
      if (this.#hashes[hashAt(text, at)] !== 1) continue;
      const longest = this.#byBeginning
        .get(text.slice(at, at + FORM_LENGTH_MIN))
        ?.find((form) => text.startsWith(form, at));
      if (longest !== undefined) found.push({ start: at, end: at + longest.length });
    }
    return found;
  }
}

function hashAt(text: string, at: number): number {
  const first = text.charCodeAt(at) * 31 + text.charCodeAt(at + 1);
  return ((first * 31 + text.charCodeAt(at + 3)) * 31 + text.charCodeAt(at + 5)) & (HASHES - 1);
}
