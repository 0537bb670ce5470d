import { ROLES, type Role } from "../../core/config/party.ts";
import type { Membership, People } from "../../ports/people.ts";
import { findOnGitHub, isRefusal } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";

/** GitHub's older names for roles, as `permission` and the emulator still give them. */
const OLDER_ROLE_NAMES: ReadonlyMap<string, Role> = new Map([
  ["pull", "read"],
  ["push", "write"],
]);

const ANSWER_AGE_MS_MAX = 60_000;

/** Reads what people may do; what was asked is not asked again for a minute, by the same connection alone. */
export function githubPeople(
  { client, owner, repo, log }: RepositoryAccess,
  elapsedMs: () => number = () => performance.now(),
): People {
  const roles = remembering<Role>(elapsedMs);
  const memberships = remembering<Membership>(elapsedMs);

  return {
    fetchRole: (login) =>
      roles(login.toLowerCase(), async () => {
        const found = await findOnGitHub(`read the role of ${login}`, () =>
          client.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: login }),
        );
        if (found === undefined) return "none";
        // `permission` folds maintain and triage into write and read; a role of the organisation's own has only that.
        return roleNamed(found.role_name) ?? roleNamed(found.permission) ?? "none";
      }),

    fetchMembership: ({ org, slug }, login) =>
      memberships(`${org}/${slug} ${login}`.toLowerCase(), async () => {
        try {
          const found = await findOnGitHub(`tell whether ${login} is in @${org}/${slug}`, () =>
            client.rest.teams.getMembershipForUserInOrg({ org, team_slug: slug, username: login }),
          );
          return found?.state === "active" ? "member" : "not_member";
        } catch (failure) {
          if (!isRefusal(failure, [401, 403])) throw failure;
          log.warn(`Could not read who is in @${org}/${slug}: the App needs the permission members: read`);
          return "unreadable";
        }
      }),
  };
}

function roleNamed(name: string | undefined): Role | undefined {
  if (name === undefined) return undefined;
  return ROLES.find((role) => role === name) ?? OLDER_ROLE_NAMES.get(name);
}

/** Keeps answers for a minute; a question that failed is asked again. */
function remembering<T>(elapsedMs: () => number): (key: string, ask: () => Promise<T>) => Promise<T> {
  const known = new Map<string, { readonly at: number; readonly answer: Promise<T> }>();
  return (key, ask) => {
    const standing = known.get(key);
    if (standing !== undefined && elapsedMs() - standing.at < ANSWER_AGE_MS_MAX) return standing.answer;
    const answer = ask();
    known.set(key, { at: elapsedMs(), answer });
    answer.catch(() => known.delete(key));
    return answer;
  };
}
