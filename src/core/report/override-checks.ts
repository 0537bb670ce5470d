import { bytesOf, inlineCode, inlineText, oneLine, truncate } from "../text/markdown.ts";
import { plural } from "./amounts.ts";
import type { CheckName, CheckRun, Ground } from "./check-run.ts";

const TITLE_LENGTH_MAX = 255;
const SUMMARY_BYTES_MAX = 60_000;
const HIDDEN_SHOWN_MAX = 50;

/** Something that a check said when it was overridden. */
export interface Hidden {
  readonly check: CheckName;
  /** What stood in the way, in the words of its ground. */
  readonly on: string;
  readonly says: string;
}

/** Somebody let a commit through, knowing what stood in the way. */
export interface Override {
  readonly actor: string;
  /** As whom they might: a role, `@org/team` or `@login`. */
  readonly as: string;
  readonly reason: string;
  readonly at: Date;
  readonly hides: readonly Hidden[];
  readonly expiresAt: Date;
}

/** Tells whether a finished check keeps a commit from being merged. */
export function isRed({ state }: CheckRun): boolean {
  return (
    state.kind === "completed" && (state.conclusion === "failure" || state.conclusion === "action_required")
  );
}

/** What an override of these checks would hide, and what nobody can accept for others. */
export function overridable(checks: readonly CheckRun[]): {
  readonly hides: readonly Hidden[];
  readonly unacceptable: readonly (Ground & { readonly check: CheckName })[];
} {
  const grounds = checks
    .filter(isRed)
    .flatMap(({ name, grounds = [UNKNOWN] }) => grounds.map((ground) => ({ check: name, ...ground })));
  return {
    hides: grounds.filter(({ acceptable }) => acceptable).map(({ check, on, says }) => ({ check, on, says })),
    unacceptable: grounds.filter(({ acceptable }) => !acceptable),
  };
}

/** What an earlier version of the app noted has no grounds: what nobody can name nobody can accept. */
const UNKNOWN: Ground = { on: "the check", says: "was made by an earlier version", acceptable: false };

/**
 * Turns checks green that somebody overrode.
 *
 * An override hides what it was given for and nothing else: where anything stands in the way that it did not
 * know of, or came to something else since, the check stays as it is and says so.
 */
export function overrideChecks(
  checks: readonly CheckRun[],
  overrides: readonly Override[],
): readonly CheckRun[] {
  if (overrides.length === 0) return checks;
  return checks.map((check) => {
    if (!isRed(check)) return check;
    const fitting = overrides.find((override) => notHidden(check, override).length === 0);
    return fitting === undefined ? withRemark(check, overrides) : overridden(check, fitting);
  });
}

function notHidden({ name, grounds = [UNKNOWN] }: CheckRun, { hides }: Override): readonly Ground[] {
  return grounds.filter(
    ({ on, says, acceptable }) =>
      !acceptable || !hides.some((one) => one.check === name && one.on === on && one.says === says),
  );
}

function overridden(check: CheckRun, { actor, as, reason, at, hides, expiresAt }: Override): CheckRun {
  const hidden = hides.filter((one) => one.check === check.name);
  const shown = hidden.slice(0, HIDDEN_SHOWN_MAX);
  const rest = hidden.length - shown.length;
  const header = [
    `**Overridden by ${inlineCode(actor)}** as ${inlineCode(as)} on ${minuteOf(at)}: ${inlineText(reason)}`,
    `It lets this commit through although ${plural(hidden.length, "thing")} ${hidden.length === 1 ? "stands" : "stand"} in the way:`,
    [
      ...shown.map(({ on, says }) => `- ${inlineText(on)}: ${inlineText(says)}`),
      ...(rest > 0 ? [`- … and ${rest} more`] : []),
    ].join("\n"),
    `It ends on ${minuteOf(expiresAt)}, with the next push, and where something else comes up. What the check says without it:`,
  ];
  return {
    ...check,
    state: { kind: "completed", conclusion: "success" },
    title: truncate(`Overridden by @${oneLine(actor)}: ${oneLine(reason)}`, {
      charactersMax: TITLE_LENGTH_MAX,
    }),
    summary: above(header.join("\n\n"), check),
  };
}

function withRemark(check: CheckRun, overrides: readonly Override[]): CheckRun {
  const [newest] = overrides;
  if (newest === undefined) return check;
  const names = notHidden(check, newest).map(({ on, says }) => `${inlineText(on)} (${inlineText(says)})`);
  const shown = names.slice(0, HIDDEN_SHOWN_MAX).join(", ");
  const rest = names.length - HIDDEN_SHOWN_MAX;
  const remark = `An override by ${inlineCode(newest.actor)} does not let this through: it was not given for ${shown}${rest > 0 ? `, and ${rest} more` : ""}.`;
  return { ...check, summary: above(remark, check) };
}

function above(header: string, { title, summary }: CheckRun): string {
  const below = [`**${inlineText(title)}**`, summary].join("\n\n");
  const head = truncate(header, { bytesMax: SUMMARY_BYTES_MAX / 2 });
  return [head, "---", truncate(below, { bytesMax: SUMMARY_BYTES_MAX - bytesOf(head) })].join("\n\n");
}

function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
