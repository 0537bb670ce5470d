import type { Config } from "../../core/config/config.ts";
import { isSameLogin, parseParty } from "../../core/config/party.ts";
import { approvingLogins, type Consent, type Guarded } from "../../core/guard/consent.ts";
import type { Review } from "../../core/guard/review.ts";
import type { Weakened } from "../../core/guard/weakening.ts";
import type { GitHub } from "../../ports/github.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import { standingAmong } from "./rights.ts";

/** Who may agree where nobody is named for it: whoever could take the check out of the branch's rules as well. */
const LAST_RESORT = ["admin"];

/** A pull request whose reviews are heard. */
export interface Hearing {
  readonly pullRequest: PullRequest;
  readonly reviews: readonly Review[];
  /** Approvals before that were given to another comparison of this commit; undefined where there was no other. */
  readonly since: Date | undefined;
  /** The configuration of the default branch; undefined where that cannot be used, since the head must not name who judges it. */
  readonly trusted: Config | undefined;
  readonly github: Pick<GitHub, "people">;
}

/** Who may agree to one weakening, and why it is somebody else than its owner. */
interface Approvers {
  readonly parties: readonly string[];
  readonly remarks: readonly string[];
}

/** Tells of each weakening whether somebody who may agree to it approved this very commit. */
export async function hearConsents(
  weakened: readonly Weakened[],
  hearing: Hearing,
): Promise<readonly Guarded[]> {
  const { pullRequest, reviews, since } = hearing;
  const { author, head } = pullRequest;
  const approving = approvingLogins(reviews, { headSha: head.sha, author, since });
  const guarded: Guarded[] = [];
  for (const one of weakened)
    guarded.push({ weakened: one, consent: await consentTo(one, approving, hearing) });
  return guarded;
}

async function consentTo(
  { owner }: Weakened,
  approving: readonly string[],
  hearing: Hearing,
): Promise<Consent> {
  const { parties, remarks } = await approversOf(owner, hearing);
  const unreadable = new Set<string>();
  for (const login of approving) {
    const standing = await standingAmong(parties, login, hearing.github);
    if (standing.kind === "allowed") return { kind: "given", by: login, as: standing.as };
    for (const team of standing.unreadable) unreadable.add(team);
  }
  const unheard = [...unreadable].map(
    (team) =>
      `GitHub does not let the app see who is in ${team}, so nobody's approval can be counted as theirs`,
  );
  return { kind: "missing", approvers: parties, remarks: [...remarks, ...unheard] };
}

/** The owner; those who may override where there is none who could, or where the author would be asked for it. */
async function approversOf(owner: string | undefined, hearing: Hearing): Promise<Approvers> {
  const { author } = hearing.pullRequest;
  const instead = insteadOfOwner(hearing.trusted);
  const party = owner === undefined ? undefined : parseParty(owner);
  if (owner === undefined || party === undefined || party.kind === "role")
    return { parties: instead, remarks: ["no person or team is named as its owner"] };
  if (party.kind === "person" && isSameLogin(party.login, author))
    return { parties: instead, remarks: ["its owner is the author of this pull request"] };
  if (party.kind === "person" && (await hearing.github.people.fetchRole(party.login)) === "none")
    return { parties: instead, remarks: [`its owner ${owner} has no access to this repository`] };
  if (party.kind === "team" && (await hearing.github.people.fetchMembership(party.team, author)) === "member")
    return {
      parties: [owner, ...instead],
      remarks: ["the author of this pull request is one of its owners, so others may approve as well"],
    };
  return { parties: [owner], remarks: [] };
}

function insteadOfOwner(trusted: Config | undefined): readonly string[] {
  const named = trusted === undefined ? [] : [trusted.override.blocking].flat();
  return named.length === 0 ? LAST_RESORT : named;
}
