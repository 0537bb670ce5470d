import type { GitHub } from "../../ports/github.ts";
import { ROLES, type Role } from "../../ports/issues.ts";

/** Tells whether a person has at least this role in the repository. */
export async function isAtLeast(
  role: Role,
  login: string,
  { issues }: Pick<GitHub, "issues">,
): Promise<boolean> {
  return ROLES.indexOf(await issues.fetchRole(login)) >= ROLES.indexOf(role);
}
