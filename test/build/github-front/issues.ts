import type { JsonObject } from "../../../src/core/json.ts";
import { jsonValue } from "../../../src/core/json.ts";
import { bodyOf, json, type Reply, type Request, refusal, succeeded } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import { listOf, numberAt, textAt } from "./members.ts";
import type { Routes } from "./routes.ts";

const REPO = "/repos/:owner/:repo";
const BODY_LENGTH_MAX = 65_536;

/** Refuses what is longer than GitHub takes of issues, pull requests and comments. */
export function tooLong({ method, path, body }: Request): Reply | undefined {
  const isText = /^\/repos\/[^/]+\/[^/]+\/(issues|pulls)(\/|$)/.test(path);
  if (!isText || (method !== "POST" && method !== "PATCH") || body.length <= BODY_LENGTH_MAX)
    return undefined;
  const text = textAt(bodyOf({ body }), "body");
  if (text.length <= BODY_LENGTH_MAX) return undefined;
  return refusal(422, "Validation Failed", [
    {
      resource: "Issue",
      code: "custom",
      field: "body",
      message: "body is too long (maximum is 65536 characters)",
    },
  ]);
}

/** Issues whose labels are told and remembered also where they were set at their creation, as a form does. */
export function issueRoutes(github: GitHub): Routes {
  const labelled = new Map<string, readonly JsonObject[]>();

  return {
    [`POST ${REPO}/issues`]: async ({ request, pass }) => {
      const reply = await pass();
      if (!succeeded(reply)) return reply;
      const issue = bodyOf(reply);
      const sender = await github.sender(request);
      const labels = listOf(issue.labels);
      labelled.set(
        String(numberAt(issue, "number")),
        labels.map((label, index) => labelledEvent(issue, label, sender, index)),
      );
      const repository = await github.repository();
      for (const label of labels)
        void github.hooks.send("issues", { action: "labeled", issue, label, repository, sender });
      return reply;
    },

    [`GET ${REPO}/issues/:number/events`]: async ({ at, query, pass }) => {
      const reply = await pass();
      if (!succeeded(reply) || Number(query.get("page") ?? 1) > 1) return reply;
      const others = listOf(jsonValue.parse(JSON.parse(reply.body)));
      return json(200, [...(labelled.get(at("number")) ?? []), ...others], reply.headers);
    },
  };
}

function labelledEvent(issue: JsonObject, label: JsonObject, actor: JsonObject, index: number): JsonObject {
  const id = 9_000_000 + numberAt(issue, "number") * 100 + index;
  return {
    id,
    node_id: `LE_${id}`,
    url: `${textAt(issue, "repository_url")}/issues/events/${id}`,
    actor,
    event: "labeled",
    commit_id: null,
    commit_url: null,
    created_at: textAt(issue, "created_at"),
    label: { name: textAt(label, "name"), color: textAt(label, "color") },
    performed_via_github_app: null,
  };
}
