import { FIXTURE_ID } from "../../core/fixture/fixture.ts";
import { isReason, REASON_WORDS_MIN } from "../../core/text/reason.ts";

/** Every command begins with our name, on the first line of a comment. */
const PREFIX = /^\/incident-to-eval(?=\s|$)/u;
const BARE = ["help", "draft", "run", "rerun"] as const;
const TRIAGE_LEVELS = ["blocking", "warning", "exploratory", "skip"] as const;
/** A commit id, at least as long as GitHub shows it. A word of letters alone, such as `defaced`, is the reason's. */
const SHA = /^(?=[0-9a-f]*[0-9])[0-9a-f]{7,64}$/;
const DAYS = /^([1-9]\d?)d$/;

/** Days that a quarantine lasts where nobody says how long, and at most. */
export const QUARANTINE_DAYS = 14;
export const QUARANTINE_DAYS_MAX = 30;

/** What an incident weighs from now on; `skip` makes no fixture of it. */
export type TriageLevel = (typeof TRIAGE_LEVELS)[number];

/** What somebody asks of us in the first line of a comment. */
export type Command =
  | { readonly kind: (typeof BARE)[number] }
  /** Without a fixture the whole pull request is explained. */
  | { readonly kind: "explain"; readonly fixture: string | undefined }
  | { readonly kind: "triage"; readonly level: TriageLevel; readonly reason: string }
  | {
      readonly kind: "override";
      /** The commit that is meant, where it was named; its id may be cut. */
      readonly sha: string | undefined;
      readonly reason: string;
    }
  | { readonly kind: "override_release"; readonly sha: string; readonly reason: string }
  | {
      readonly kind: "quarantine";
      readonly fixture: string;
      readonly days: number;
      readonly reason: string;
    }
  /** A command of ours whose rest cannot be followed. */
  | { readonly kind: "misused"; readonly word: string; readonly expected: string; readonly usage: string }
  | { readonly kind: "unknown"; readonly word: string };

/** Tells whether a line asks anything of us. */
export function isCommand(line: string): boolean {
  return PREFIX.test(line);
}

/** Reads what a command asks for; our name alone asks for help. */
export function parseCommand(line: string): Command {
  const [word = "", ...rest] = line.replace(PREFIX, "").trim().split(/\s+/u);
  const name = word.toLowerCase();
  const bare = BARE.find((known) => known === name);
  if (bare !== undefined) return { kind: bare };
  switch (name) {
    case "":
      return { kind: "help" };
    case "explain":
      return parseExplain(rest);
    case "triage":
      return parseTriage(rest);
    case "override":
      return parseOverride(rest);
    case "quarantine":
      return parseQuarantine(rest);
    default:
      return { kind: "unknown", word };
  }
}

function parseExplain([fixture]: readonly string[]): Command {
  if (fixture === undefined || FIXTURE_ID.test(fixture)) return { kind: "explain", fixture };
  return misused("explain", "the id of a fixture, or nothing", "explain [fixture]");
}

function parseTriage([word = "", ...rest]: readonly string[]): Command {
  const usage = "triage <blocking|warning|exploratory|skip> because <reason>";
  const level = TRIAGE_LEVELS.find((known) => known === word.toLowerCase());
  if (level === undefined) return misused("triage", `one of ${TRIAGE_LEVELS.join(", ")}`, usage);
  const reason = reasonOf(rest);
  return reason === undefined ? misused("triage", REASON, usage) : { kind: "triage", level, reason };
}

function parseOverride([first = "", ...rest]: readonly string[]): Command {
  if (first.toLowerCase() === "release") return parseReleaseOverride(rest);
  const isSha = SHA.test(first.toLowerCase());
  const reason = reasonOf(isSha ? rest : [first, ...rest]);
  if (reason === undefined) return misused("override", REASON, "override [sha] <reason>");
  return { kind: "override", sha: isSha ? first.toLowerCase() : undefined, reason };
}

function parseReleaseOverride([sha = "", ...rest]: readonly string[]): Command {
  const usage = "override release <sha> <reason>";
  if (!SHA.test(sha.toLowerCase())) return misused("override release", "the id of a commit", usage);
  const reason = reasonOf(rest);
  if (reason === undefined) return misused("override release", REASON, usage);
  return { kind: "override_release", sha: sha.toLowerCase(), reason };
}

function parseQuarantine([fixture = "", ...rest]: readonly string[]): Command {
  const usage = `quarantine <fixture> [<days>d] <reason>`;
  if (!FIXTURE_ID.test(fixture)) return misused("quarantine", "the id of a fixture", usage);
  const days = DAYS.exec(rest[0] ?? "")?.[1];
  const reason = reasonOf(days === undefined ? rest : rest.slice(1));
  if (reason === undefined) return misused("quarantine", REASON, usage);
  if (Number(days ?? 0) > QUARANTINE_DAYS_MAX)
    return misused("quarantine", `${QUARANTINE_DAYS_MAX} days at most`, usage);
  return { kind: "quarantine", fixture, days: Number(days ?? QUARANTINE_DAYS), reason };
}

const REASON = `a reason of ${REASON_WORDS_MIN} words or more`;

function reasonOf(words: readonly string[]): string | undefined {
  const text = words.join(" ").replace(/^because(?:\s+of)?\b[\s:,]*/i, "");
  return isReason(text) ? text : undefined;
}

function misused(word: string, expected: string, usage: string): Command {
  return { kind: "misused", word, expected, usage: `/incident-to-eval ${usage}` };
}
