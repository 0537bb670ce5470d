import { type JsonObject, jsonObject } from "../../../src/core/json.ts";
import { bodyOf, json, page, type Reply, type Request, refusal, succeeded } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import { listOf, numberAt, objectAt, textAt } from "./members.ts";
import type { Routes } from "./routes.ts";

const REPO = "/repos/:owner/:repo";
const ANNOTATIONS_PER_REQUEST_MAX = 50;
const TEXT_LENGTH_MAX = 65_535;
/** The App under which GitHub shows what workflows post; people cannot post checks, so theirs count as that. */
const ACTIONS_APP = { id: 15_368, slug: "github-actions", name: "GitHub Actions" };

/** Check runs that belong to an App and keep all annotations that they were given. */
export interface CheckRuns {
  readonly routes: Routes;
  /** A check run as GitHub shows it. */
  seen(run: JsonObject): JsonObject;
}

/** Keeps what the emulator forgets of check runs. */
export function openCheckRuns(
  github: GitHub,
  rerequest: (checkRun: JsonObject, by: JsonObject) => Promise<unknown>,
): CheckRuns {
  const apps = new Map<number, JsonObject>();
  const annotations = new Map<number, readonly JsonObject[]>();

  function seen(run: JsonObject): JsonObject {
    const id = numberAt(run, "id");
    const url = textAt(run, "url");
    return {
      ...run,
      app: apps.get(id) ?? github.app(),
      output: {
        ...objectAt(run, "output"),
        annotations_count: annotations.get(id)?.length ?? 0,
        annotations_url: `${url}/annotations`,
      },
    };
  }

  function note(reply: Reply, request: Request): Reply {
    if (!succeeded(reply)) return reply;
    const run = bodyOf(reply);
    const id = numberAt(run, "id");
    const added = listOf(objectAt(bodyOf(request), "output").annotations);
    annotations.set(id, [...(annotations.get(id) ?? []), ...added]);
    return { ...reply, body: JSON.stringify(seen(run)) };
  }

  async function list(call: { readonly request: Request; pass(): Promise<Reply> }): Promise<Reply> {
    const reply = await call.pass();
    if (!succeeded(reply)) return reply;
    const appId = new URL(call.request.path, "http://github.test").searchParams.get("app_id");
    const runs = listOf(bodyOf(reply).check_runs)
      .map((run) => seen(run))
      .filter((run) => appId === null || String(numberAt(run.app, "id")) === appId);
    const { items, headers } = page(call.request, runs);
    return json(200, { total_count: runs.length, check_runs: [...items] }, headers);
  }

  const routes: Routes = {
    [`POST ${REPO}/check-runs`]: async ({ request, pass }) => {
      const because = whyNot(bodyOf(request));
      if (because !== undefined) return refusal(422, because);
      const reply = await pass({ ...request, body: withDefaults(request, github) });
      const isApps = /ghs_/.test(request.headers.authorization ?? "");
      if (succeeded(reply) && !isApps)
        apps.set(numberAt(bodyOf(reply), "id"), { ...github.app(), ...ACTIONS_APP });
      return note(reply, request);
    },
    [`PATCH ${REPO}/check-runs/:id`]: async ({ request, pass }) => {
      const because = whyNot(bodyOf(request));
      return because === undefined ? note(await pass(), request) : refusal(422, because);
    },
    [`GET ${REPO}/check-runs/:id`]: async ({ pass }) => {
      const reply = await pass();
      return succeeded(reply) ? json(200, seen(bodyOf(reply))) : reply;
    },
    [`GET ${REPO}/check-runs/:id/annotations`]: async ({ request, at }) => {
      const kept = (annotations.get(Number(at("id"))) ?? []).map((annotation) => shown(annotation, github));
      const { items, headers } = page(request, kept);
      return json(200, [...items], headers);
    },
    [`GET ${REPO}/commits/:ref/check-runs`]: list,
    [`GET ${REPO}/check-suites/:id/check-runs`]: list,
    // The run itself stays as it is: GitHub tells its App, which posts another.
    [`POST ${REPO}/check-runs/:id/rerequest`]: async ({ request, at, pass }) => {
      const reply = await pass({
        ...request,
        method: "GET",
        path: `${github.place()}/check-runs/${at("id")}`,
      });
      if (!succeeded(reply)) return reply;
      await rerequest(seen(bodyOf(reply)), await github.sender(request));
      return json(201, {});
    },
  };

  return { routes, seen };
}

function withDefaults(request: Request, github: GitHub): string {
  const defaults = {
    started_at: new Date().toISOString(),
    details_url: textAt(github.app(), "external_url"),
  };
  return JSON.stringify({ ...defaults, ...bodyOf(request) });
}

function whyNot(body: JsonObject): string | undefined {
  const output = objectAt(body, "output");
  if (listOf(output.annotations).length > ANNOTATIONS_PER_REQUEST_MAX)
    return "Invalid request.\n\nNo more than 50 annotations are allowed.";
  if ([textAt(output, "summary"), textAt(output, "text")].some((text) => text.length > TEXT_LENGTH_MAX))
    return "Invalid request.\n\nOnly 65535 characters are allowed.";
  if (body.status === "completed" && typeof body.conclusion !== "string")
    return "Invalid request.\n\nMissing required property `conclusion`.";
  return undefined;
}

function shown(annotation: JsonObject, github: GitHub): JsonObject {
  return jsonObject.parse({
    blob_href: `${github.emulator.url}${github.place()}/blob/main/${textAt(annotation, "path")}`,
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    ...annotation,
  });
}
