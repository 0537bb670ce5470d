import { isSameLogin, type Party, parseParty, ROLES, type Role } from "../../core/config/party.ts";
import type { GitHub } from "../../ports/github.ts";

type PeopleGitHub = Pick<GitHub, "people">;

/** As whom somebody may do something, or that they may not. */
export type Standing =
  | {
      readonly kind: "allowed";
      /** The party that they belong to, as it is written: `maintain`, `@acme/release-authority`, `@olga`. */
      readonly as: string;
    }
  | {
      readonly kind: "not_allowed";
      /** Teams that GitHub does not let us look into: they may be in one of them. */
      readonly unreadable: readonly string[];
    };

/** Tells whether a person has at least this role in the repository. */
export async function isAtLeast(role: Role, login: string, { people }: PeopleGitHub): Promise<boolean> {
  return ROLES.indexOf(await people.fetchRole(login)) >= ROLES.indexOf(role);
}

/**
 * Tells whether a person belongs to one of these parties: roles, `@org/team` or `@login`.
 *
 * A text that names nobody allows nobody, and so does a team that cannot be looked into.
 */
export async function standingAmong(
  parties: readonly string[],
  login: string,
  github: PeopleGitHub,
): Promise<Standing> {
  const unreadable: string[] = [];
  for (const as of parties) {
    const party = parseParty(as);
    const isIn = party === undefined ? "not_member" : await membership(party, login, github);
    if (isIn === "member") return { kind: "allowed", as };
    if (isIn === "unreadable") unreadable.push(as);
  }
  return { kind: "not_allowed", unreadable };
}

async function membership(party: Party, login: string, github: PeopleGitHub) {
  switch (party.kind) {
    case "role":
      return (await isAtLeast(party.role, login, github)) ? "member" : "not_member";
    case "team":
      return await github.people.fetchMembership(party.team, login);
    case "person":
      return isSameLogin(party.login, login) ? "member" : "not_member";
  }
}
