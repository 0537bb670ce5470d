import type { JsonObject } from "../../../src/core/json.ts";
import { bodyOf, json, page, refusal } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import { textAt } from "./members.ts";
import type { Routes } from "./routes.ts";

const REPO = "/repos/:owner/:repo";
const DESCRIPTION_LENGTH_MAX = 140;
const STATES = ["error", "failure", "pending", "success"];

/** The statuses of commits. */
export interface Statuses {
  readonly routes: Routes;
  /** The latest state of a context on a commit. */
  stateOf(sha: string, context: string): string | undefined;
}

/** Keeps the statuses of commits. */
export function openStatuses(github: GitHub): Statuses {
  const statuses: (JsonObject & { readonly sha: string })[] = [];
  const newestFirst = (sha: string) => statuses.filter((status) => status.sha === sha).toReversed();
  const shown = ({ sha: _, ...status }: JsonObject & { readonly sha: string }): JsonObject => status;

  function latest(sha: string): readonly (JsonObject & { readonly sha: string })[] {
    const seen = new Set<string>();
    return newestFirst(sha).filter((status) => {
      const context = textAt(status, "context");
      return seen.has(context) ? false : seen.add(context);
    });
  }

  const routes: Routes = {
    [`POST ${REPO}/statuses/:sha`]: async ({ request, at }) => {
      const { state, description = null, context = "default", target_url = null } = bodyOf(request);
      if (!STATES.includes(String(state)) || String(description).length > DESCRIPTION_LENGTH_MAX)
        return refusal(422, "Validation Failed");
      const now = new Date().toISOString();
      const id = statuses.length + 1;
      const status = {
        sha: at("sha"),
        url: `${github.emulator.url}${github.place()}/statuses/${at("sha")}`,
        avatar_url: null,
        id,
        node_id: `SC_${id}`,
        state: String(state),
        description,
        target_url,
        context,
        created_at: now,
        updated_at: now,
        creator: await github.sender(request),
      };
      statuses.push(status);
      return json(201, shown(status));
    },

    [`GET ${REPO}/commits/:ref/statuses`]: async ({ request, at }) => {
      const { items, headers } = page(request, newestFirst(at("ref")).map(shown));
      return json(200, [...items], headers);
    },

    [`GET ${REPO}/commits/:ref/status`]: async ({ at }) => {
      const now = latest(at("ref"));
      return json(200, {
        state: combined(now.map((status) => textAt(status, "state"))),
        statuses: now.map(({ creator: _, ...status }) => shown(status)),
        sha: at("ref"),
        total_count: now.length,
        repository: await github.repository(),
        commit_url: `${github.emulator.url}${github.place()}/commits/${at("ref")}`,
        url: `${github.emulator.url}${github.place()}/commits/${at("ref")}/status`,
      });
    },
  };

  return {
    routes,
    stateOf: (sha, context) => {
      const found = latest(sha).find((status) => textAt(status, "context") === context);
      return found === undefined ? undefined : textAt(found, "state");
    },
  };
}

function combined(states: readonly string[]): string {
  if (states.some((state) => state === "failure" || state === "error")) return "failure";
  return states.length > 0 && states.every((state) => state === "success") ? "success" : "pending";
}
