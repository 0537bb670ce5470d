import type { RepositoryAccess } from "../../src/adapters/github/client.ts";
import { tokenOctokit } from "../../src/adapters/github/octokit.ts";
import { RateLimits } from "../../src/adapters/github/rate-limits.ts";
import { API, AT, BOT, recordedAccess, TOKEN } from "./recorded-github.ts";

/** What becomes of a request that creates: of the process that sent it, of the answer, of what was asked for. */
export const FATES = [
  "answered",
  "done, then 502",
  "done, then a connection that breaks",
  "done, then half an answer",
  "done, then the process is killed",
  "killed before it is sent",
  "502 and not done",
  "limited",
] as const;
export type Fate = (typeof FATES)[number];

/** Time after which GitHub's reads show what was written. */
const LAG_MS = 15_000;
const HEADERS = { "content-type": "application/json; charset=utf-8" };
/** Paths on which a POST makes something that people see twice if it is made twice. */
const COLLECTIONS: readonly (readonly [RegExp, Thing["kind"]])[] = [
  [/\/issues\/\d+\/comments$/, "comment"],
  [/\/check-runs$/, "check"],
  [/\/pulls$/, "pull request"],
  [/\/git\/refs$/, "branch"],
];

interface Thing {
  readonly kind: "comment" | "check" | "pull request" | "branch" | "commit" | "tree";
  readonly id: string;
  readonly atMs: number;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Annotations that were sent, each time they were; GitHub appends them. */
  readonly annotations: unknown[];
}

/** The process died while it waited for an answer. */
export class Killed extends Error {}

/**
 * A GitHub whose clock stands still, whose reads lag, and which can lose the answer to whatever it is asked to create.
 *
 * Unlike the real one it opens a second pull request from a branch when it is asked to.
 */
export class LaggingGitHub {
  nowMs = Date.parse("2026-11-21T10:00:00Z");
  /** What becomes of the creations to come; all others are answered. */
  readonly fates: Fate[] = [];
  /** Whether a read shows what was written within the lag. */
  isStale = false;
  readonly #things: Thing[] = [];
  readonly #limits = new RateLimits(() => this.nowMs);

  /** Lists what stands of a kind, whatever reads show. */
  all(kind: Thing["kind"]): readonly Thing[] {
    return this.#things.filter((thing) => thing.kind === kind);
  }

  /** A person takes away all of a kind. */
  remove(kind: Thing["kind"]): void {
    for (const thing of this.all(kind)) this.#things.splice(this.#things.indexOf(thing), 1);
  }

  /** Runs what a process does on this GitHub; rejects as Killed where the process does not live to its end. */
  run<T>(
    process: (access: RepositoryAccess) => Promise<T>,
    creations: RepositoryAccess["creations"],
  ): Promise<T> {
    const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
    return new Promise((resolve, reject) => {
      const fetch = (url: string, init: RequestInit) => this.#fetch(url, init, reject);
      const client = tokenOctokit(TOKEN, { baseUrl: API, log: silent, limits: this.#limits, fetch });
      process(recordedAccess({ client, creations })).then(resolve, reject);
    });
  }

  async #fetch(url: string, init: RequestInit, kill: (reason: Killed) => void): Promise<Response> {
    const { pathname, searchParams } = new URL(url);
    const path = decodeURIComponent(pathname).replace(AT, "");
    const sent: Record<string, unknown> = typeof init.body === "string" ? JSON.parse(init.body) : {};
    if (init.method === "GET") return this.#read(path, searchParams);
    if (!creates(path, sent)) return this.#write(path, sent);
    const fate = this.fates.shift() ?? "answered";
    if (fate === "limited") return json(403, { message: "a secondary rate limit" }, { "retry-after": "60" });
    if (fate === "502 and not done") return json(502, {});
    if (fate === "killed before it is sent") return die(kill);
    const answer = this.#write(path, sent);
    if (fate === "done, then the process is killed") return die(kill);
    if (fate === "done, then 502") return json(502, {});
    if (fate === "done, then half an answer")
      return new Response('{"id": 1', { status: 201, headers: HEADERS });
    if (fate === "done, then a connection that breaks") throw new TypeError("fetch failed");
    return answer;
  }

  #write(path: string, sent: Record<string, unknown>): Response {
    const [, number] = /^\/(?:issues\/comments|check-runs|pulls)\/(\d+)$/.exec(path) ?? [];
    if (number !== undefined) return this.#change(number, sent);
    if (path.endsWith("/requested_reviewers")) return json(201, {});
    const kind = COLLECTIONS.find(([pattern]) => pattern.test(path))?.[1];
    if (kind === "branch" && this.#branch(String(sent.ref)) !== undefined) {
      return json(422, { message: "Reference already exists" });
    }
    const made = kind ?? (path === "/git/trees" ? "tree" : "commit");
    const id = made === "tree" ? JSON.stringify(sent.tree) : String(this.#things.length + 1);
    const thing: Thing = { kind: made, id, atMs: this.nowMs, fields: sent, annotations: [] };
    this.#things.push(thing);
    annotate(thing, sent);
    return json(201, shown(thing));
  }

  #change(id: string, sent: Record<string, unknown>): Response {
    const index = this.#things.findIndex((thing) => thing.id === id);
    const before = this.#things[index];
    if (before === undefined) return json(404, { message: "Not Found" });
    annotate(before, sent);
    const after = { ...before, fields: { ...before.fields, ...sent } };
    this.#things[index] = after;
    return json(200, shown(after));
  }

  #read(path: string, query: URLSearchParams): Response {
    const listed = this.#things.filter(({ atMs }) => !this.isStale || atMs <= this.nowMs - LAG_MS);
    const list = (kind: Thing["kind"]) => listed.filter((thing) => thing.kind === kind).map(shown);
    if (path.endsWith("/comments")) return json(200, list("comment"));
    if (path.endsWith("/check-runs")) return json(200, { check_runs: list("check") });
    if (path === "/pulls") {
      const head = query.get("head")?.replace("acme:", "");
      return json(
        200,
        list("pull request").filter((pull) => pull.head.ref === head),
      );
    }
    const [, sha] = /^\/(?:git\/)?commits\/(.+)$/.exec(path) ?? [];
    if (sha !== undefined) return json(200, commit(this.#things.find(({ id }) => id === sha)));
    if (path.startsWith("/git/trees/")) return json(200, { tree: [], truncated: false });
    const name = path.startsWith("/git/ref/") ? `refs/${path.slice("/git/ref/".length)}` : undefined;
    const id = path.split("/").at(-1);
    const found = listed.find((thing) => (name === undefined ? thing.id === id : thing.fields.ref === name));
    return found === undefined ? json(404, { message: "Not Found" }) : json(200, shown(found));
  }

  #branch(ref: string): Thing | undefined {
    return this.all("branch").find(({ fields }) => fields.ref === ref);
  }
}

function creates(path: string, sent: Record<string, unknown>): boolean {
  return COLLECTIONS.some(([pattern]) => pattern.test(path)) || annotationsOf(sent).length > 0;
}

function annotationsOf({ output }: Record<string, unknown>): readonly unknown[] {
  if (typeof output !== "object" || output === null || !("annotations" in output)) return [];
  return Array.isArray(output.annotations) ? output.annotations : [];
}

function annotate(thing: Thing, sent: Record<string, unknown>): void {
  thing.annotations.push(...annotationsOf(sent));
}

/** A thing in the shape of whatever it is; what is not of its kind is not looked at. */
function shown({ kind, id, fields, annotations }: Thing) {
  return {
    ...fields,
    id: Number(id),
    number: Number(id),
    sha: id,
    html_url: `https://github.test/${id}`,
    user: { login: BOT },
    app: null,
    state: "open",
    merged_at: null,
    output: { annotations_count: annotations.length },
    head: { ref: fields.head, repo: { full_name: "acme/support-agent" } },
    object: { sha: fields.sha },
    ...(kind === "tree" ? { sha: id, tree: [] } : {}),
  };
}

/** A commit of the repository before us where we did not write it. */
function commit(thing: Thing | undefined) {
  return {
    sha: thing?.id,
    tree: { sha: thing?.fields.tree ?? "tree" },
    commit: { tree: { sha: thing?.fields.tree ?? "tree" }, message: thing?.fields.message ?? "" },
    author: { login: BOT },
    committer: { login: "web-flow" },
    parents: thing === undefined ? [] : [{ sha: "base" }],
  };
}

function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...HEADERS, ...headers } });
}

function die(kill: (reason: Killed) => void): Promise<never> {
  kill(new Killed());
  return new Promise(() => undefined);
}

function nothing(): void {}
