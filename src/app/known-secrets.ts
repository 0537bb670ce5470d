import { indexForms, secretForms, stripForms, stripJson } from "../core/text/strip-secrets.ts";

/** A password like these cannot be told from the word that it is, and protects nothing. */
const ORDINARY_WORD = /^(?:\p{L}{1,11}|\d{1,11})$/u;
/** Tokens live for an hour, and each installation has one: older ones are no secrets any more. */
const LEARNED_MAX = 1_000;

/** The secrets of this process: those it was started with, and those it was given since. */
export interface KnownSecrets {
  /** Takes all of them, in every usual encoding, out of a text. */
  readonly strip: (text: string) => string;
  /** The same for a text that is JSON, which it stays. */
  readonly stripJsonText: (text: string) => string;
  /** The same for JSON that others read: passwords that are ordinary words stay, or whole sentences would suffer. */
  readonly stripOutgoingJson: (text: string) => string;
  /** From now on this is a secret too; of many the oldest is forgotten. */
  readonly learn: (secret: string) => void;
}

/** Gathers the secrets of a process. */
export function knownSecrets(given: readonly string[]): KnownSecrets {
  const words = given.filter((secret) => ORDINARY_WORD.test(secret)).flatMap(secretForms);
  const lasting = given.filter((secret) => !ORDINARY_WORD.test(secret)).flatMap(secretForms);
  const learned = new Map<string, readonly string[]>();
  let outgoing = indexForms(lasting);
  let all = indexForms([...lasting, ...words]);
  const strip = (text: string): string => stripForms(text, all);
  return {
    strip,
    stripJsonText: (text) => inJson(text, strip),
    stripOutgoingJson: (text) => inJson(text, (part) => stripForms(part, outgoing)),
    learn(secret) {
      if (learned.has(secret)) return;
      const [oldest] = learned.keys();
      if (learned.size >= LEARNED_MAX && oldest !== undefined) learned.delete(oldest);
      learned.set(secret, secretForms(secret));
      const now = [...learned.values()].flat();
      outgoing = indexForms([...lasting, ...now]);
      all = indexForms([...lasting, ...now, ...words]);
    },
  };
}

/** Most texts hold no secret: those are not taken apart. */
function inJson(text: string, strip: (text: string) => string): string {
  return strip(text) === text ? text : JSON.stringify(stripJson(JSON.parse(text), strip));
}
