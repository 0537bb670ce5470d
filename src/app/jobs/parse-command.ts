/** Every command begins with our name, on the first line of a comment. */
const PREFIX = /^\/incident-to-eval(?=\s|$)/u;
const KNOWN = ["help", "draft", "run", "rerun"] as const;

/** What somebody asks of us in the first line of a comment. */
export type Command =
  | { readonly kind: (typeof KNOWN)[number] }
  | { readonly kind: "unknown"; readonly word: string };

/** Tells whether a line asks anything of us. */
export function isCommand(line: string): boolean {
  return PREFIX.test(line);
}

/** Reads what a command asks for; our name alone asks for help. */
export function parseCommand(line: string): Command {
  const [word = ""] = line.replace(PREFIX, "").trim().split(/\s+/u);
  if (word === "") return { kind: "help" };
  const kind = KNOWN.find((known) => known === word.toLowerCase());
  return kind === undefined ? { kind: "unknown", word } : { kind };
}
