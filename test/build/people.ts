/** Who works in a test's repository, and what each of them may do; anybody else may do nothing. */
export const ROLES_OF_PEOPLE = [
  { login: "olga", role: "admin" },
  { login: "max", role: "maintain" },
  { login: "wanda", role: "write" },
  { login: "tom", role: "triage" },
  { login: "rita", role: "read" },
  { login: "otto", role: "none" },
] as const;

/** Who is in which team of the organisation. */
export const TEAMS_OF_PEOPLE = [
  { slug: "release-authority", logins: ["max", "wanda"], invited: ["otto"] },
  { slug: "support-platform", logins: ["tom"], invited: [] },
] as const;
