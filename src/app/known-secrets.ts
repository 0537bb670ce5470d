import { longestFirst, secretForms, stripForms, stripJson } from "../core/text/strip-secrets.ts";

/** Tokens live for an hour, and each installation has one: older ones are no secrets any more. */
const LEARNED_MAX = 1_000;

/** The secrets of this process: those it was started with, and those it was given since. */
export interface KnownSecrets {
  /** Takes all of them, in every usual encoding, out of a text. */
  readonly strip: (text: string) => string;
  /** The same for a text that is JSON, which it stays. */
  readonly stripJsonText: (text: string) => string;
  /** From now on this is a secret too; of many the oldest is forgotten. */
  readonly learn: (secret: string) => void;
}

/** Gathers the secrets of a process. */
export function knownSecrets(given: readonly string[]): KnownSecrets {
  const lasting = given.flatMap(secretForms);
  const learned = new Map<string, readonly string[]>();
  let ordered = longestFirst(lasting);
  const strip = (text: string): string => stripForms(text, ordered);
  return {
    strip,
    stripJsonText: (text) =>
      // Most texts hold none: those are not taken apart.
      strip(text) === text ? text : JSON.stringify(stripJson(JSON.parse(text), strip)),
    learn(secret) {
      if (learned.has(secret)) return;
      const [oldest] = learned.keys();
      if (learned.size >= LEARNED_MAX && oldest !== undefined) learned.delete(oldest);
      learned.set(secret, secretForms(secret));
      ordered = longestFirst([...lasting, ...[...learned.values()].flat()]);
    },
  };
}
