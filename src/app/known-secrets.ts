import { indexForms, secretForms, stripForms, stripJson } from "../core/text/strip-secrets.ts";

/** A password like these cannot be told from the word that it is, and protects nothing. */
const ORDINARY_WORD = /^(?:\p{L}{1,11}|\d{1,11})$/u;
/** Tokens live for an hour; what is said of a request may come a little later. */
const LEARNED_FOR_MS = 75 * 60_000;
/** Each installation has a token: beyond as many the oldest is forgotten before its time. */
const LEARNED_MAX = 2_000;

/** The secrets of this process: those it was started with, and those it was given since. */
export interface KnownSecrets {
  /** Takes all of them, in every usual encoding, out of a text. */
  readonly strip: (text: string) => string;
  /** The same for a text that is JSON, which it stays. */
  readonly stripJsonText: (text: string) => string;
  /** The same for JSON that others read: passwords that are ordinary words stay, or whole sentences would suffer. */
  readonly stripOutgoingJson: (text: string) => string;
  /** From now on this is a secret too, as long as tokens live; of very many the oldest is forgotten. */
  readonly learn: (secret: string) => void;
}

/** Gathers the secrets of a process. */
export function knownSecrets(
  given: readonly string[],
  nowMs: () => number = () => performance.now(),
): KnownSecrets {
  const words = given.filter((secret) => ORDINARY_WORD.test(secret)).flatMap(secretForms);
  const lasting = given.filter((secret) => !ORDINARY_WORD.test(secret)).flatMap(secretForms);
  const learned = new Map<string, { readonly forms: readonly string[]; readonly atMs: number }>();
  let index: ReturnType<typeof indexAll> | undefined;
  const indexAll = () => {
    const now = [...learned.values()].flatMap(({ forms }) => forms);
    return {
      outgoing: indexForms([...lasting, ...now]),
      all: indexForms([...lasting, ...now, ...words]),
    };
  };
  // Made anew when it is needed, since several tokens may come at a time.
  const indexed = () => {
    index ??= indexAll();
    return index;
  };
  const strip = (text: string): string => stripForms(text, indexed().all);
  return {
    strip,
    stripJsonText: (text) => inJson(text, strip),
    stripOutgoingJson: (text) => inJson(text, (part) => stripForms(part, indexed().outgoing)),
    learn(secret) {
      if (learned.has(secret)) return;
      const atMs = nowMs();
      // The oldest come first.
      for (const [old, { atMs: since }] of learned) {
        if (learned.size < LEARNED_MAX && atMs - since < LEARNED_FOR_MS) break;
        learned.delete(old);
      }
      learned.set(secret, { forms: secretForms(secret), atMs });
      index = undefined;
    },
  };
}

/** Most texts hold no secret: those are not taken apart. */
function inJson(text: string, strip: (text: string) => string): string {
  return strip(text) === text ? text : JSON.stringify(stripJson(JSON.parse(text), strip));
}
