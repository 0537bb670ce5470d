import type { JsonObject } from "../../../src/core/json.ts";
import { bodyOf, json, page, type Reply, refusal } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import { objectAt, textAt } from "./members.ts";
import type { Routes } from "./routes.ts";

const REPO = "/repos/:owner/:repo";
const STATUS_REPORTS_MAX = 10;
const COMMENT_LENGTH_MAX = 1_024;

/** What an App answered to a deployment that waits for it. */
export interface DeploymentReview {
  readonly runId: number;
  readonly environment: string;
  /** Undefined for a report that decides nothing yet. */
  readonly state: "approved" | "rejected" | undefined;
  readonly comment: string;
}

/** Deployments, their environments, and those that wait for an App's word. */
export interface Deployments {
  readonly routes: Routes;
  /** A run of a workflow waits from now on for an answer. */
  wait(runId: number, environment: string): void;
  /** Makes a deployment, as a workflow does. */
  create(wanted: JsonObject, creator: JsonObject): JsonObject;
  /** Everything that was answered, oldest first. */
  reviews(): readonly DeploymentReview[];
}

/** Keeps deployments. */
export function openDeployments(github: GitHub): Deployments {
  const deployments: JsonObject[] = [];
  const statuses = new Map<string, readonly JsonObject[]>();
  const environments = new Map<string, JsonObject>();
  const waiting = new Map<number, string>();
  const reviews: DeploymentReview[] = [];
  const urlOf = (path: string) => `${github.emulator.url}${github.place()}/${path}`;

  function environmentNamed(name: string): JsonObject {
    const now = new Date().toISOString();
    const id = environments.size + 1;
    const made = environments.get(name) ?? {
      id,
      node_id: `EN_${id}`,
      name,
      url: urlOf(`environments/${name}`),
      html_url: urlOf(`deployments/activity_log?environments_filter=${name}`),
      created_at: now,
      updated_at: now,
      protection_rules: [],
      deployment_branch_policy: null,
    };
    environments.set(name, made);
    return made;
  }

  function create(wanted: JsonObject, creator: JsonObject): JsonObject {
    const now = new Date().toISOString();
    const id = deployments.length + 1;
    const environment = textAt(wanted, "environment") || "production";
    environmentNamed(environment);
    const deployment: JsonObject = {
      url: urlOf(`deployments/${id}`),
      id,
      node_id: `DE_${id}`,
      sha: textAt(wanted, "sha"),
      ref: textAt(wanted, "ref"),
      task: "deploy",
      payload: {},
      original_environment: environment,
      environment,
      description: null,
      creator,
      created_at: now,
      updated_at: now,
      statuses_url: urlOf(`deployments/${id}/statuses`),
      repository_url: urlOf(""),
      transient_environment: false,
      production_environment: environment === "production",
    };
    deployments.push(deployment);
    return deployment;
  }

  function review(runId: number, body: JsonObject): Reply {
    const [environment, comment] = [textAt(body, "environment_name"), textAt(body, "comment")];
    if (waiting.get(runId) !== environment) return refusal(404, "Not Found");
    const state = body.state === "approved" || body.state === "rejected" ? body.state : undefined;
    const reports = reviews.filter((one) => one.runId === runId && one.state === undefined).length;
    const isDecided = reviews.some((one) => one.runId === runId && one.state !== undefined);
    const isOneTooMany = state === undefined && reports >= STATUS_REPORTS_MAX;
    if (comment.length > COMMENT_LENGTH_MAX || isDecided || isOneTooMany)
      return refusal(422, "Validation Failed");
    reviews.push({ runId, environment, state, comment });
    return json(204, null);
  }

  const routes: Routes = {
    [`GET ${REPO}/deployments`]: async ({ request, query }) => {
      const wanted = ["environment", "sha", "ref"].filter((name) => query.has(name));
      const found = deployments
        .filter((deployment) => wanted.every((name) => deployment[name] === query.get(name)))
        .toReversed();
      const { items, headers } = page(request, found);
      return json(200, [...items], headers);
    },
    [`POST ${REPO}/deployments`]: async ({ request, pass }) => {
      const wanted = bodyOf(request);
      const path = `${github.place()}/commits/${encodeURIComponent(textAt(wanted, "ref"))}`;
      const commit = await pass({ ...request, method: "GET", path, body: "" });
      if (commit.status !== 200) return refusal(422, `No ref found for: ${textAt(wanted, "ref")}`);
      const sha = textAt(bodyOf(commit), "sha");
      return json(201, create({ ...wanted, sha }, await github.sender(request)));
    },
    [`GET ${REPO}/deployments/:id`]: async ({ at }) => {
      const found = deployments.find(({ id }) => String(id) === at("id"));
      return found === undefined ? refusal(404, "Not Found") : json(200, found);
    },
    [`GET ${REPO}/deployments/:id/statuses`]: async ({ request, at }) => {
      const { items, headers } = page(request, statuses.get(at("id")) ?? []);
      return json(200, [...items], headers);
    },
    [`POST ${REPO}/deployments/:id/statuses`]: async ({ request, at }) => {
      const deployment = deployments.find(({ id }) => String(id) === at("id"));
      if (deployment === undefined) return refusal(404, "Not Found");
      const now = new Date().toISOString();
      const standing = statuses.get(at("id")) ?? [];
      const id = Number(at("id")) * 1_000 + standing.length;
      const status: JsonObject = {
        url: `${textAt(deployment, "statuses_url")}/${id}`,
        id,
        node_id: `DES_${id}`,
        state: textAt(bodyOf(request), "state"),
        creator: await github.sender(request),
        description: textAt(bodyOf(request), "description"),
        environment: textAt(deployment, "environment"),
        target_url: "",
        log_url: textAt(bodyOf(request), "log_url"),
        environment_url: "",
        created_at: now,
        updated_at: now,
        deployment_url: textAt(deployment, "url"),
        repository_url: urlOf(""),
      };
      statuses.set(at("id"), [status, ...standing]);
      return json(201, status);
    },
    [`GET ${REPO}/environments`]: async () =>
      json(200, { total_count: environments.size, environments: [...environments.values()] }),
    [`GET ${REPO}/environments/:name`]: async ({ at }) => {
      const found = environments.get(at("name"));
      return found === undefined ? refusal(404, "Not Found") : json(200, found);
    },
    [`PUT ${REPO}/environments/:name`]: async ({ at }) => json(200, environmentNamed(at("name"))),
    [`GET ${REPO}/environments/:name/deployment_protection_rules`]: async () => {
      const app = github.app();
      const rule = {
        id: 1,
        node_id: "GA_1",
        enabled: true,
        app: { id: app.id ?? 0, slug: textAt(app, "slug"), integration_url: "", node_id: "GA_1" },
      };
      return json(200, { total_count: 1, custom_deployment_protection_rules: [rule] });
    },
    [`POST ${REPO}/actions/runs/:run/deployment_protection_rule`]: async ({ request, at }) =>
      review(Number(at("run")), objectAt(bodyOf(request))),
  };

  return {
    routes,
    create,
    wait: (runId, environment) => void waiting.set(runId, environment),
    reviews: () => [...reviews],
  };
}
