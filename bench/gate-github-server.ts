import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { UPDATED_AT } from "./webhooks-payload.ts";

/** Files of a commit by path. */
export type Files = ReadonlyMap<string, string>;

/** A GitHub that holds one repository, and tells of each request. */
export interface GateGitHub {
  readonly url: string;
  /** Puts a commit on the branch main. */
  push(files: Files): string;
  /** Opens a pull request into main, and answers its head. */
  open(number: number, files: Files): string;
  /** Requests since the last call, as `GET trees`, each with how often; told of each one as it comes. */
  takeRequests(): ReadonlyMap<string, number>;
  /** Resolves with the time when the last of our check runs on a commit was told as this. */
  told(sha: string, status: "in_progress" | "completed"): Promise<number>;
  stop(): Promise<void>;
}

const REPOSITORY = {
  id: 35_129_377,
  name: "support-agent",
  full_name: "acme/support-agent",
  owner: { login: "acme", id: 77, type: "Organization" },
  default_branch: "main",
  private: true,
};
/** Check runs on each commit. */
const CHECKS = 3;
const AT = "/repos/acme/support-agent";

interface CheckRun {
  readonly id: number;
  readonly head_sha: string;
  readonly status: string;
}

interface World {
  readonly trees: Map<string, string>;
  readonly blobs: Map<string, string>;
  readonly pulls: Map<number, { readonly head: string }>;
  readonly checks: CheckRun[];
  readonly waiting: { readonly key: string; readonly tell: (at: number) => void }[];
  requests: Map<string, number>;
  tip: string;
}

/** Starts such a GitHub on this machine. */
export async function startGateGitHub(): Promise<GateGitHub> {
  const world: World = {
    trees: new Map(),
    blobs: new Map(),
    pulls: new Map(),
    checks: [],
    waiting: [],
    requests: new Map(),
    tip: "",
  };
  const server = createServer((request, response) => void answer(world, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    push: (files) => {
      world.tip = addCommit(world, files);
      return world.tip;
    },
    open: (number, files) => {
      const head = addCommit(world, files);
      world.pulls.set(number, { head });
      return head;
    },
    takeRequests: () => {
      const { requests } = world;
      world.requests = new Map();
      return requests;
    },
    told: (sha, status) =>
      new Promise((resolve) => world.waiting.push({ key: `${sha} ${status}`, tell: resolve })),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function addCommit(world: World, files: Files): string {
  const tree = [...files].map(([path, content]) => {
    const sha = idOf(content);
    world.blobs.set(sha, content);
    return {
      path,
      mode: "100644",
      type: "blob",
      sha,
      size: Buffer.byteLength(content),
      url: `${AT}/git/blobs/${sha}`,
    };
  });
  const commit = createHash("sha1").update(JSON.stringify(tree)).digest("hex");
  world.trees.set(commit, JSON.stringify({ sha: commit, url: "", tree, truncated: false }));
  return commit;
}

function idOf(content: string): string {
  return createHash("sha1")
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest("hex");
}

type Handler = (world: World, found: RegExpExecArray, body: Record<string, unknown>) => unknown;

/** What is answered to each request, and under which name it is counted; everything else is not there. */
const ROUTES: readonly (readonly [string, RegExp, string, Handler])[] = [
  [
    "POST",
    /\/access_tokens$/,
    "token",
    () => ({ token: "ghs_bench", expires_at: inAnHour(), permissions: {} }),
  ],
  ["GET", /^\/app$/, "app", () => ({ id: 1, slug: "bench" })],
  ["GET", /^\/app\/(installations|hook\/deliveries)\b/, "app", () => []],
  ["GET", /^\/(repositories\/35129377|repos\/acme\/support-agent)$/, "repository", () => REPOSITORY],
  ["GET", /\/pulls\/(\d+)$/, "pull request", (world, [, number]) => pullRequest(world, Number(number))],
  [
    "GET",
    /\/git\/ref\/heads/,
    "branch",
    ({ tip }) => ({ ref: "refs/heads/main", object: { type: "commit", sha: tip } }),
  ],
  ["GET", /\/git\/trees\/(\w+)/, "tree", ({ trees }, [, sha = ""]) => trees.get(sha)],
  ["GET", /\/git\/blobs\/(\w+)/, "blob", ({ blobs }, [, sha = ""]) => blobAnswer(blobs, sha)],
  ["POST", /^\/graphql$/, "many blobs", ({ blobs }, _, { query }) => manyBlobs(blobs, String(query))],
  [
    "GET",
    /\/compare\/(\w+)\.\.\.(\w+)/,
    "merge base",
    (_, [, base]) => ({ merge_base_commit: { sha: base } }),
  ],
  ["GET", /\/commits\/(\w+)\/check-runs/, "checks", ({ checks }, [, sha]) => listChecks(checks, sha)],
  [
    "POST",
    /\/check-runs$/,
    "make a check",
    (world, _, body) => tellCheck(world, { ...body, id: world.checks.length + 1 }),
  ],
  [
    "PATCH",
    /\/check-runs\/(\d+)$/,
    "update a check",
    (world, [, id], body) => tellCheck(world, { ...body, id: Number(id) }),
  ],
  ["GET", /\/pulls\/\d+\/(reviews|files)/, "reviews and files", () => []],
];

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const path = decodeURIComponent(request.url ?? "");
  for (const [method, pattern, name, handle] of ROUTES) {
    const found = method === request.method ? pattern.exec(path.split("?")[0] ?? "") : null;
    if (found === null) continue;
    world.requests.set(name, (world.requests.get(name) ?? 0) + 1);
    const answered = handle(world, found, text === "" ? {} : JSON.parse(text));
    if (answered === undefined) break;
    response.writeHead(method === "POST" && name !== "many blobs" ? 201 : 200, {
      "content-type": "application/json",
    });
    return void response.end(typeof answered === "string" ? answered : JSON.stringify(answered));
  }
  const unknown = `${request.method} ${path}`;
  world.requests.set(unknown, (world.requests.get(unknown) ?? 0) + 1);
  response.writeHead(404, { "content-type": "application/json" });
  response.end(JSON.stringify({ message: "Not Found" }));
}

function pullRequest({ pulls, tip }: World, number: number): object | undefined {
  const pull = pulls.get(number);
  if (pull === undefined) return undefined;
  const user = { login: "developer-1", id: 1 };
  const side = (ref: string, sha: string) => ({ ref, sha, user, repo: REPOSITORY });
  return {
    number,
    user,
    state: "open",
    draft: false,
    merged: false,
    title: `Change ${number}`,
    body: "",
    labels: [],
    head: side(`change-${number}`, pull.head),
    base: side("main", tip),
    updated_at: UPDATED_AT,
  };
}

function blobAnswer(blobs: World["blobs"], sha: string): object | undefined {
  const content = blobs.get(sha);
  if (content === undefined) return undefined;
  return {
    sha,
    size: Buffer.byteLength(content),
    content: Buffer.from(content).toString("base64"),
    encoding: "base64",
  };
}

function manyBlobs(blobs: World["blobs"], query: string): object {
  const objects = [...query.matchAll(/(\w+):object\(oid:"(\w+)"\)/g)];
  const repository = Object.fromEntries(
    objects.map(([, name, sha = ""]) => [name, { text: blobs.get(sha) ?? null }]),
  );
  return { data: { repository } };
}

function listChecks(checks: readonly CheckRun[], sha: string | undefined): object {
  const found = checks.filter(({ head_sha: head }) => head === sha);
  return { total_count: found.length, check_runs: found };
}

function tellCheck(world: World, told: Record<string, unknown> & { readonly id: number }): object {
  const before = world.checks[told.id - 1];
  const check = {
    app: { id: 1, slug: "bench" },
    pull_requests: [],
    ...before,
    ...told,
  } as unknown as CheckRun;
  world.checks[told.id - 1] = check;
  const { head_sha: head, status } = check;
  const alike = world.checks.filter((one) => one.head_sha === head && one.status === status);
  if (alike.length < CHECKS) return check;
  for (const { key, tell } of world.waiting) if (key === `${head} ${status}`) tell(performance.now());
  return check;
}

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}
