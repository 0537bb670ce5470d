import { TEAMS_OF_PEOPLE } from "../people.ts";
import { bodyOf, json, refusal, succeeded } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import { textAt } from "./members.ts";
import type { Routes } from "./routes.ts";

/** GitHub folds the roles between into these, and keeps the exact one in `role_name`. */
const FOLDED: Readonly<Record<string, string>> = {
  admin: "admin",
  maintain: "write",
  write: "write",
  triage: "read",
  read: "read",
};

/** What people may do: whoever has an account and no role has the permission `none`. The emulator takes every member of a team for an admin, so teams are kept here. */
export function peopleRoutes(github: GitHub): Routes {
  return {
    "GET /repos/:owner/:repo/collaborators/:username/permission": async ({ at, pass }) => {
      const reply = await pass();
      if (succeeded(reply)) {
        const level = bodyOf(reply);
        return json(200, { ...level, permission: FOLDED[textAt(level, "role_name")] ?? "none" });
      }
      const user = await github.pass({
        method: "GET",
        path: `/users/${encodeURIComponent(at("username"))}`,
        headers: {},
        body: "",
      });
      if (!succeeded(user)) return refusal(404, `${at("username")} is not a user`);
      return json(200, { permission: "none", role_name: "", user: bodyOf(user) });
    },

    "GET /orgs/:org/teams/:slug/memberships/:username": async ({ at }) => {
      const team = TEAMS_OF_PEOPLE.find(({ slug }) => slug === at("slug"));
      const isIn = (logins: readonly string[] = []) => logins.includes(at("username"));
      if (at("org") !== github.emulator.repository.owner || !(isIn(team?.logins) || isIn(team?.invited)))
        return refusal(404, "Not Found");
      const url = `https://api.github.com/organizations/1/team/1/memberships/${at("username")}`;
      return json(200, { state: isIn(team?.logins) ? "active" : "pending", role: "member", url });
    },
  };
}
