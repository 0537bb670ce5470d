import { assertNever } from "../problem.ts";
import { inlineCode, inlineText } from "../text/markdown.ts";
import { shortSha } from "../text/short-sha.ts";
import { listing, plural } from "./amounts.ts";
import type { Ground } from "./check-run.ts";

const NAMED_MAX = 10;

/** Why we do not do what somebody asked for. */
export type Refusal =
  | { readonly kind: "misused"; readonly expected: string; readonly usage: string }
  | {
      readonly kind: "not_allowed";
      /** Who may: roles, teams, people; nobody where it is empty. */
      readonly allowed: readonly string[];
      /** Where that is configured, such as `override.blocking`. */
      readonly configuredAt: string;
      readonly unreadable: readonly string[];
    }
  | { readonly kind: "own_pull_request" }
  | { readonly kind: "not_configured" }
  | { readonly kind: "nothing_red" }
  | { readonly kind: "unacceptable"; readonly grounds: readonly Ground[] }
  | {
      readonly kind: "other_commit" | "not_finished" | "newer_result" | "fresh_push";
      readonly headSha: string;
    }
  | { readonly kind: "unknown_commit"; readonly named: string }
  | { readonly kind: "unknown_fixture"; readonly fixture: string; readonly nearest: string | undefined };

/** Says why a command was not followed, and what to do instead. */
export function renderRefusal(line: string, refusal: Refusal): string {
  return [`${inlineCode(line)} was not followed: ${reasonOf(refusal)}`, adviceOn(refusal)].join("\n\n");
}

function reasonOf(refusal: Refusal): string {
  switch (refusal.kind) {
    case "misused":
      return `expected ${inlineText(refusal.expected)}.`;
    case "not_allowed":
      return "you are not among those who may.";
    case "own_pull_request":
      return "nobody overrides the checks of their own pull request here.";
    case "not_configured":
      return "the default branch has no configuration that can be used, and that says who may.";
    case "nothing_red":
      return "no check of ours keeps this commit from being merged.";
    case "unacceptable":
      return `${plural(refusal.grounds.length, "thing")} cannot be accepted for others.`;
    case "other_commit":
      return `the head of this pull request is ${inlineCode(shortSha(refusal.headSha))}.`;
    case "not_finished":
      return `the checks on ${inlineCode(shortSha(refusal.headSha))} are not finished, and nobody overrides what they have not seen.`;
    case "newer_result":
      return "the checks came to a newer result while you wrote.";
    case "fresh_push":
      return `the head of this pull request changed shortly before, to ${inlineCode(shortSha(refusal.headSha))}, and the comment does not say which commit it means.`;
    case "unknown_commit":
      return `there is no commit ${inlineCode(refusal.named)}.`;
    case "unknown_fixture":
      return `there is no fixture ${inlineCode(refusal.fixture)} on the default branch.`;
    default:
      return assertNever(refusal);
  }
}

function adviceOn(refusal: Refusal): string {
  switch (refusal.kind) {
    case "misused":
      return `It is written as ${inlineCode(refusal.usage)}.`;
    case "not_allowed":
      return whoMay(refusal);
    case "own_pull_request":
      return "Ask somebody else who may. `override.own_pull_request: true` on the default branch would allow it.";
    case "not_configured":
      return "Mend `.github/incident-to-eval.yml` on the default branch first.";
    case "nothing_red":
      return "There is nothing to do.";
    case "unacceptable":
      return [
        "These have to be mended, or approved where the check says by whom:",
        "",
        ...refusal.grounds
          .slice(0, NAMED_MAX)
          .map(({ on, says }) => `- ${inlineText(on)}: ${inlineText(says)}`),
      ].join("\n");
    case "other_commit":
    case "fresh_push":
      return `Look at the checks on that commit, and if you mean it, comment \`/incident-to-eval override ${shortSha(refusal.headSha)} <reason>\`.`;
    case "not_finished":
    case "newer_result":
      return "Look at them when they are finished, and comment again.";
    case "unknown_commit":
      return "Give at least the first seven characters of its id.";
    case "unknown_fixture":
      return refusal.nearest === undefined
        ? "`/incident-to-eval explain` lists those that protect this pull request."
        : `Did you mean ${inlineCode(refusal.nearest)}?`;
    default:
      return assertNever(refusal);
  }
}

function whoMay({ allowed, configuredAt, unreadable }: Extract<Refusal, { kind: "not_allowed" }>): string {
  const who = listing(
    allowed.map((party) => inlineCode(party)),
    NAMED_MAX,
    "or",
  );
  const said = who === "" ? `Nobody may: ${inlineCode(configuredAt)} names nobody.` : `That takes ${who}.`;
  if (unreadable.length === 0) return said;
  const teams = listing(
    unreadable.map((team) => inlineCode(team)),
    NAMED_MAX,
  );
  return `${said} Who is in ${teams} could not be read: the App needs the permission \`members: read\`.`;
}
