import { json, type Reply, type Request, refusal } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import type { Routes } from "./routes.ts";

/** The App's installation, which can be suspended and removed. */
export interface Installation {
  readonly routes: Routes;
  /** What an installation that is suspended or gone is answered. */
  refusalOf(request: Request): Reply | undefined;
  become(state: "installed" | "suspended" | "gone"): void;
}

/** Keeps the state of the App's installation. */
export function openInstallation(github: GitHub): Installation {
  let state: "installed" | "suspended" | "gone" = "installed";
  return {
    become: (next) => {
      state = next;
    },
    refusalOf({ path, headers }) {
      if (state === "installed") return undefined;
      const isToken = /\/app\/installations\/\d+/.test(path);
      const isByInstallation = /ghs_/.test(headers.authorization ?? "");
      if (!isToken && !isByInstallation) return undefined;
      if (state === "suspended") return refusal(403, "This installation has been suspended");
      return isToken ? refusal(404, "Not Found") : refusal(401, "Bad credentials");
    },
    routes: {
      "GET /installation/repositories": async ({ request }) => {
        if (!/ghs_/.test(request.headers.authorization ?? ""))
          return refusal(403, "Must authenticate as an installation");
        const repository = await github.repository();
        return json(200, { total_count: 1, repository_selection: "selected", repositories: [repository] });
      },
      "GET /app/installations": async ({ pass }) => (state === "gone" ? json(200, []) : await pass()),
    },
  };
}
