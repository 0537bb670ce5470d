import type { GithubEmulator } from "../../../src/adapters/emulator/github-emulator.ts";
import { isJsonObject, type JsonObject, type JsonValue, jsonValue } from "../../../src/core/json.ts";
import { type Handler, type Request, succeeded } from "./exchange.ts";
import type { Hooks } from "./hooks.ts";
import { objectAt, textAt } from "./members.ts";

/** Slug of the App that the tests install. */
const APP_SLUG = "incident-to-eval";

/** What every part of the front works with: the emulator behind it, and the hook before it. */
export interface GitHub {
  readonly emulator: GithubEmulator;
  readonly hooks: Hooks;
  /** What the emulator answers. */
  readonly pass: Handler;
  /** Asks the emulator as the owner, and refuses whatever it refuses. */
  ask(method: string, path: string, body?: JsonObject): Promise<JsonValue>;
  /** As `ask`, for what is an object. */
  read(method: string, path: string, body?: JsonObject): Promise<JsonObject>;
  /** Path of the repository, under the name that it has now. */
  place(): string;
  /** The account behind a login, as webhooks show it. */
  account(login: string): Promise<JsonObject>;
  /** Who sends a request. */
  sender(request: Request): Promise<JsonObject>;
  repository(): Promise<JsonObject>;
  /** The App as checks and comments show it. */
  app(): JsonObject;
  /** Commits whose push is told by the front itself, and not by what the emulator says of it. */
  readonly toldPushes: Set<string>;
}

/** Opens the GitHub that stands behind the front. */
export function openGitHub(
  emulator: GithubEmulator,
  hooks: Hooks,
  pass: Handler,
  nameNow: () => string,
): GitHub {
  const token = emulator.tokens[emulator.ownerLogin] ?? "";
  const { owner } = emulator.repository;
  const bot = `${APP_SLUG}[bot]`;

  async function ask(method: string, path: string, body?: JsonObject): Promise<JsonValue> {
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = { authorization: `token ${token}`, "content-type": "application/json" };
    const reply = await pass({ method, path, headers, body: text });
    if (!succeeded(reply)) throw new Error(`${method} ${path}: ${reply.status} ${reply.body}`);
    return reply.body === "" ? {} : jsonValue.parse(JSON.parse(reply.body));
  }

  async function read(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
    const value = await ask(method, path, body);
    if (!isJsonObject(value)) throw new Error(`${method} ${path}: expected an object`);
    return value;
  }

  async function account(login: string): Promise<JsonObject> {
    return login === bot ? botAccount() : await read("GET", `/users/${login}`);
  }

  const place = () => `/repos/${owner}/${nameNow()}`;
  return {
    emulator,
    hooks,
    pass,
    ask,
    read,
    place,
    account,
    repository: async () => withWholeOwner(await read("GET", place())),
    sender: async ({ headers }) => {
      const given = (headers.authorization ?? "").replace(/^(bearer|token)\s+/i, "");
      const login = Object.entries(emulator.tokens).find(([, one]) => one === given)?.[0];
      return await account(login ?? bot);
    },
    app: () => appObject(emulator.appId, owner),
    toldPushes: new Set(),
  };
}

/** A repository whose owner is said in full also where it is an organisation. */
export function withWholeOwner(repository: JsonObject): JsonObject {
  const owner = objectAt(repository, "owner");
  return { ...repository, owner: { ...accountLinks(textAt(owner, "url")), ...owner } };
}

function botAccount(): JsonObject {
  const url = `https://api.github.com/users/${APP_SLUG}%5Bbot%5D`;
  return {
    ...accountLinks(url),
    login: `${APP_SLUG}[bot]`,
    id: 4_711_000,
    node_id: "BOT_kgDOAEfk2A",
    avatar_url: "https://avatars.githubusercontent.com/in/4711",
    html_url: `https://github.com/apps/${APP_SLUG}`,
    type: "Bot",
    site_admin: false,
  };
}

function accountLinks(url: string): JsonObject {
  return {
    url,
    gravatar_id: "",
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
  };
}

function appObject(id: number, owner: string): JsonObject {
  return {
    id,
    slug: APP_SLUG,
    node_id: "A_kwDOAAASZw",
    client_id: "Iv1.0123456789abcdef",
    owner: { ...botAccount(), login: owner, type: "Organization" },
    name: APP_SLUG,
    description: "",
    external_url: "https://example.com",
    html_url: `https://github.com/apps/${APP_SLUG}`,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    permissions: { checks: "write", contents: "write", issues: "write", metadata: "read" },
    events: ["issues", "pull_request"],
  };
}
