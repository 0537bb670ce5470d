/** The word that every command begins with. */
const PREFIX = "/incident-to-eval";

/** What somebody asks of us in the first line of a comment. */
export type Command =
  | { readonly kind: "help" | "draft" | "run" | "rerun" }
  | { readonly kind: "unknown"; readonly word: string };

const KNOWN = ["help", "draft", "run", "rerun"] as const;

/** Reads a command from the first line of a comment; anything else than a known word is unknown. */
export function parseCommand(line: string): Command {
  const [prefix, word = "help"] = line.trim().split(/\s+/u);
  if (prefix !== PREFIX) return { kind: "unknown", word: prefix ?? "" };
  const kind = KNOWN.find((known) => known === word.toLowerCase());
  return kind === undefined ? { kind: "unknown", word } : { kind };
}
