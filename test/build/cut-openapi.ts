import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue, jsonObject } from "../../src/core/json.ts";

/** What the app asks of GitHub, and what it will ask; everything else is refused in the tests. */
const OPERATIONS = [
  "GET /app",
  "GET /app/hook/config",
  "GET /app/hook/deliveries",
  "GET /app/hook/deliveries/{delivery_id}",
  "POST /app/hook/deliveries/{delivery_id}/attempts",
  "GET /app/installations",
  "GET /app/installations/{installation_id}",
  "POST /app/installations/{installation_id}/access_tokens",
  "GET /installation/repositories",
  "GET /rate_limit",
  "GET /user",
  "GET /orgs/{org}/teams/{team_slug}/memberships/{username}",
  "GET /repos/{owner}/{repo}",
  "GET /repos/{owner}/{repo}/installation",
  "GET /repos/{owner}/{repo}/contents/{path}",
  "GET /repos/{owner}/{repo}/codeowners/errors",
  "GET /repos/{owner}/{repo}/branches/{branch}",
  "GET /repos/{owner}/{repo}/rules/branches/{branch}",
  "GET /repos/{owner}/{repo}/rulesets",
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
  "GET /repos/{owner}/{repo}/compare/{basehead}",
  "GET /repos/{owner}/{repo}/commits",
  "GET /repos/{owner}/{repo}/commits/{ref}",
  "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls",
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
  "GET /repos/{owner}/{repo}/commits/{ref}/status",
  "GET /repos/{owner}/{repo}/commits/{ref}/statuses",
  "POST /repos/{owner}/{repo}/statuses/{sha}",
  "POST /repos/{owner}/{repo}/check-runs",
  "GET /repos/{owner}/{repo}/check-runs/{check_run_id}",
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
  "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
  "GET /repos/{owner}/{repo}/git/ref/{ref}",
  "GET /repos/{owner}/{repo}/git/matching-refs/{ref}",
  "POST /repos/{owner}/{repo}/git/refs",
  "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
  "DELETE /repos/{owner}/{repo}/git/refs/{ref}",
  "GET /repos/{owner}/{repo}/git/commits/{commit_sha}",
  "POST /repos/{owner}/{repo}/git/commits",
  "GET /repos/{owner}/{repo}/git/trees/{tree_sha}",
  "POST /repos/{owner}/{repo}/git/trees",
  "GET /repos/{owner}/{repo}/git/blobs/{file_sha}",
  "POST /repos/{owner}/{repo}/git/blobs",
  "GET /repos/{owner}/{repo}/issues",
  "POST /repos/{owner}/{repo}/issues",
  "GET /repos/{owner}/{repo}/issues/{issue_number}",
  "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
  "GET /repos/{owner}/{repo}/issues/{issue_number}/events",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
  "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
  "GET /repos/{owner}/{repo}/issues/comments/{comment_id}",
  "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
  "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}",
  "GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
  "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
  "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}",
  "GET /repos/{owner}/{repo}/pulls",
  "POST /repos/{owner}/{repo}/pulls",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}",
  "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/files",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
  "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
  "GET /repos/{owner}/{repo}/deployments",
  "POST /repos/{owner}/{repo}/deployments",
  "GET /repos/{owner}/{repo}/deployments/{deployment_id}",
  "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
  "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
  "GET /repos/{owner}/{repo}/environments",
  "GET /repos/{owner}/{repo}/environments/{environment_name}",
  "GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules",
  "POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule",
] as const;

/** What the emulator cannot answer: the shape of these answers is checked too. */
const ANSWERED_HERE: ReadonlySet<string> = new Set([
  "GET /app/hook/deliveries",
  "GET /app/hook/deliveries/{delivery_id}",
  "GET /installation/repositories",
  "GET /repos/{owner}/{repo}/commits/{ref}/status",
  "GET /repos/{owner}/{repo}/commits/{ref}/statuses",
  "GET /repos/{owner}/{repo}/check-runs/{check_run_id}",
  "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
  "GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
  "GET /repos/{owner}/{repo}/deployments",
  "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
  "GET /repos/{owner}/{repo}/environments/{environment_name}",
  "GET /repos/{owner}/{repo}/rules/branches/{branch}",
]);

/** Events that the emulator cannot send: the shape of their payloads is checked too. */
const WEBHOOKS = [
  "check-run-requested-action",
  "check-run-rerequested",
  "deployment-protection-rule-requested",
  "installation-deleted",
  "issues-labeled",
  "merge-group-checks-requested",
  "merge-group-destroyed",
  "pull-request-edited",
  "pull-request-synchronize",
  "push",
  "repository-renamed",
] as const;

/** Members that tell people something and a validator nothing. */
const WORDS = new Set([
  "description",
  "example",
  "examples",
  "title",
  "deprecated",
  "externalDocs",
  "format",
  "default",
  "readOnly",
  "summary",
]);
const REFERENCE = "#/components/schemas/";

const described = z.looseObject({
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), jsonObject),
  "x-webhooks": z.record(z.string(), jsonObject),
  components: z.looseObject({
    schemas: z.record(z.string(), jsonObject),
    parameters: z.record(z.string(), jsonObject),
    responses: z.record(z.string(), jsonObject),
  }),
});
type Described = z.output<typeof described>;

// The schema of a member may be called like a word for people, such as `description`.
function cutSchema(schema: JsonValue, isMembers = false): JsonValue {
  if (Array.isArray(schema)) return schema.map((item: JsonValue) => cutSchema(item));
  if (!isJsonObject(schema)) return schema;
  const kept = Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => isMembers || (!WORDS.has(key) && !key.startsWith("x-") && key !== "nullable"))
      .map(([key, value]) => [
        key,
        key === "enum" || key === "required" ? value : cutSchema(value, key === "properties" && !isMembers),
      ]),
  );
  if (isMembers || schema.nullable !== true) return kept;
  return { anyOf: [kept, { type: "null" }] };
}

function resolved(value: JsonValue | undefined, whole: Described): JsonObject {
  if (!isJsonObject(value)) return {};
  const reference = value.$ref;
  if (typeof reference !== "string") return value;
  const [, , kind, name] = reference.split("/");
  const found = kind === "parameters" ? whole.components.parameters : whole.components.responses;
  return found[name ?? ""] ?? {};
}

function jsonSchemaOf(content: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(content)) return undefined;
  const json = content["application/json"];
  return isJsonObject(json) ? json.schema : undefined;
}

function cutOperation(name: string, whole: Described): JsonObject {
  const [method = "", path = ""] = name.split(" ");
  const operation = whole.paths[path]?.[method.toLowerCase()];
  if (!isJsonObject(operation)) throw new Error(`expected ${name} in the description, found nothing`);
  const parameters = Array.isArray(operation.parameters) ? operation.parameters : [];
  const body = resolved(operation.requestBody, whole);
  const bodySchema = jsonSchemaOf(body.content);
  const responses = isJsonObject(operation.responses) ? operation.responses : {};
  const answer = ANSWERED_HERE.has(name)
    ? jsonSchemaOf(resolved(responses["200"], whole).content)
    : undefined;
  return {
    parameters: parameters.map((parameter: JsonValue) => {
      const { name: of, in: place, required, schema, ...more } = resolved(parameter, whole);
      return {
        name: of ?? "",
        in: place ?? "",
        ...(required === true ? { required } : {}),
        ...(more["x-multi-segment"] === true ? { manySegments: true } : {}),
        schema: cutSchema(schema ?? {}),
      };
    }),
    ...(bodySchema === undefined
      ? {}
      : { body: cutSchema(bodySchema), bodyRequired: body.required === true }),
    ...(answer === undefined ? {} : { answer: cutSchema(answer) }),
  };
}

function cutWebhook(name: string, whole: Described): JsonValue {
  const event = whole["x-webhooks"][name]?.post;
  const body = isJsonObject(event) ? resolved(event.requestBody, whole) : {};
  const schema = jsonSchemaOf(body.content);
  if (schema === undefined) throw new Error(`expected the event ${name} in the description, found nothing`);
  return cutSchema(schema);
}

function referencesIn(value: JsonValue): readonly string[] {
  return [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
}

function cut(whole: Described): JsonObject {
  const operations = Object.fromEntries(OPERATIONS.map((name) => [name, cutOperation(name, whole)]));
  const webhooks = Object.fromEntries(WEBHOOKS.map((name) => [name, cutWebhook(name, whole)]));
  const schemas: Record<string, JsonValue> = {};
  const waiting = [...referencesIn(operations), ...referencesIn(webhooks)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (schemas[name] !== undefined) continue;
    const schema = cutSchema(whole.components.schemas[name] ?? {});
    schemas[name] = schema;
    waiting.push(...referencesIn(schema));
  }
  const text = JSON.stringify({ operations, webhooks, schemas }).replaceAll(REFERENCE, "#/schemas/");
  return {
    source: `@octokit/openapi ${whole.info.version}, api.github.com, MIT licence of GitHub and Octokit contributors`,
    ...jsonObject.parse(JSON.parse(text)),
  };
}

const [, , from] = process.argv;
if (from === undefined) throw new Error("expected the path of api.github.com.json of @octokit/openapi");
const target = fileURLToPath(new URL("github-openapi.json", import.meta.url));
const short = cut(described.parse(JSON.parse(readFileSync(from, "utf8"))));
writeFileSync(target, `${JSON.stringify(short)}\n`);
