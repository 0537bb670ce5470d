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

/** What people may do: whoever has an account and no role has the permission `none`. */
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
  };
}
