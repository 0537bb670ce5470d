import type { JsonObject } from "../../../src/core/json.ts";
import { json, type Reply, type Request, refusal } from "./exchange.ts";
import type { Attempt, Hooks } from "./hooks.ts";
import type { Routes } from "./routes.ts";

/** The App's log of webhook deliveries: listed newest first by cursor, and delivered again when asked. */
export function deliveryLogRoutes(hooks: Hooks, ids: { readonly installation: number }): Routes {
  const found = (id: string) => hooks.attempts().find((attempt) => String(attempt.id) === id);

  return {
    "GET /app/hook/deliveries": async ({ request, query }) => {
      if (!isFromApp(request)) return noToken();
      const before = Number(/^v1_(\d+)$/.exec(query.get("cursor") ?? "")?.[1] ?? Number.POSITIVE_INFINITY);
      const perPage = Math.min(Number(query.get("per_page") ?? 30), 100);
      const wanted = query.get("status");
      const rest = hooks
        .attempts()
        .filter(
          ({ id, status }) =>
            id < before && (wanted === null || (wanted === "success") === (status === "OK")),
        );
      const shown = rest.slice(0, perPage);
      const last = shown.at(-1);
      const more = last !== undefined && rest.length > shown.length;
      return json(
        200,
        shown.map((attempt) => shortForm(attempt, ids.installation)),
        more ? { link: nextLink(request, `v1_${last.id}`) } : {},
      );
    },

    "GET /app/hook/deliveries/:id": async ({ request, at }) => {
      if (!isFromApp(request)) return noToken();
      const attempt = found(at("id"));
      return attempt === undefined
        ? refusal(404, "Not Found")
        : json(200, longForm(attempt, ids.installation));
    },

    "POST /app/hook/deliveries/:id/attempts": async ({ request, at }) => {
      if (!isFromApp(request)) return noToken();
      const attempt = found(at("id"));
      if (attempt === undefined) return refusal(404, "Not Found");
      // GitHub answers before it has delivered.
      void hooks.sendAgain(attempt);
      return json(202, {});
    },
  };
}

function nextLink(request: Request, cursor: string): string {
  const url = new URL(request.path, "http://github.test");
  url.searchParams.set("cursor", cursor);
  return `<${url.href}>; rel="next"`;
}

function isFromApp({ headers }: Request): boolean {
  return /^bearer eyJ/i.test(headers.authorization ?? "");
}

function noToken(): Reply {
  return refusal(401, "A JSON web token could not be decoded");
}

function shortForm(attempt: Attempt, installation: number): JsonObject {
  return {
    id: attempt.id,
    guid: attempt.guid,
    delivered_at: attempt.deliveredAt,
    redelivery: attempt.redelivery,
    duration: Math.round(attempt.seconds * 100) / 100,
    status: attempt.status,
    status_code: attempt.statusCode,
    event: attempt.event,
    action: attempt.action ?? null,
    installation_id: installation,
    repository_id: null,
    throttled_at: null,
  };
}

function longForm(attempt: Attempt, installation: number): JsonObject {
  return {
    ...shortForm(attempt, installation),
    url: "",
    request: { headers: attempt.requestHeaders, payload: JSON.parse(attempt.body) },
    response: { headers: {}, payload: attempt.answer },
  };
}
