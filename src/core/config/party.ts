/** What somebody may do in a repository, weakest first. */
export const ROLES = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Roles that a configuration may trust with a decision: whoever can merely read a public repository is anybody. */
const TRUSTED_ROLES: readonly Role[] = ["triage", "write", "maintain", "admin"];

/** A team of an organisation, as `@org/slug` names it. */
export interface Team {
  readonly org: string;
  readonly slug: string;
}

/** Who is meant where a configuration or a fixture names somebody. */
export type Party =
  /** Everybody with this role or a stronger one. */
  | { readonly kind: "role"; readonly role: Role }
  | { readonly kind: "team"; readonly team: Team }
  | { readonly kind: "person"; readonly login: string };

/** What a text must look like to name a party. */
const PARTY_PATTERN =
  /^(?:triage|write|maintain|admin|@[A-Za-z0-9][A-Za-z0-9-]{0,99}(?:\/[A-Za-z0-9_-]{1,100})?)$/;

/** Reads who a text names: a role, `@org/team` or `@login`; undefined where it names nobody. */
export function parseParty(text: string): Party | undefined {
  if (!PARTY_PATTERN.test(text)) return undefined;
  const role = TRUSTED_ROLES.find((trusted) => trusted === text);
  if (role !== undefined) return { kind: "role", role };
  const [org = "", slug] = text.slice(1).split("/");
  return slug === undefined ? { kind: "person", login: org } : { kind: "team", team: { org, slug } };
}

/** Tells whether two texts are one login; GitHub does not tell capitals from small letters. */
export function isSameLogin(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Lists all parties that these parts of a configuration name, each once. */
export function listParties(...named: readonly (string | readonly string[])[]): readonly string[] {
  return [...new Set(named.flat())];
}
