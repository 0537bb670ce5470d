import { isJsonObject, type JsonObject } from "../../src/core/json.ts";
import { type FaultPlan, faulty } from "./faults.ts";
import { bodyOf, type Handler, type Reply, type Request } from "./github-front/exchange.ts";
import { startWireServer } from "./wire-server.ts";

const PULL_REQUEST = /^\/repos\/[^/]+\/[^/]+\/pulls\/(\d+)$/;

/** Stands between the app and a server, and has it say what it would not say by itself. */
export interface Front {
  readonly url: string;
  /** On GitHub: from now on the app reads this pull request with these members replaced, at any depth. */
  alter(pullRequest: number, change: JsonObject): void;
  /** From now on every call of this method whose path fits is answered with this status, until it is asked to stop. */
  refuse(
    method: string,
    path: RegExp,
    status: number,
    headers?: Readonly<Record<string, string>>,
  ): () => void;
  /** From now on requests meet these faults, until it is asked to stop. */
  inject(plan: FaultPlan): () => void;
  /** Everything that the app asked, oldest first. */
  requests(): readonly Request[];
  /** What the app asked and should not have. */
  violations(): readonly string[];
  close(): Promise<void>;
}

/** Starts a front before what answers; each request is judged by what `check` says against it. */
export async function startFront(
  target: Handler,
  check: (request: Request) => readonly string[] = () => [],
): Promise<Front> {
  const changes = new Map<number, JsonObject>();
  const refusals = new Set<(request: Request) => Reply | undefined>();
  const requests: Request[] = [];
  const violations = new Set<string>();

  const { handle, inject } = faulty(async (request) => {
    for (const refusal of refusals) {
      const reply = refusal(request);
      if (reply !== undefined) return reply;
    }
    const reply = await target(request);
    const number = Number(PULL_REQUEST.exec(request.path)?.[1]);
    const change = request.method === "GET" ? changes.get(number) : undefined;
    if (change === undefined || reply.status !== 200) return reply;
    return { ...reply, body: JSON.stringify(replaced(bodyOf(reply), change)) };
  });

  const server = await startWireServer(async (request) => {
    requests.push(request);
    for (const violation of check(request)) violations.add(violation);
    return await handle(request);
  });
  return {
    ...server,
    inject,
    requests: () => requests,
    violations: () => [...violations],
    alter(pullRequest, change) {
      changes.set(pullRequest, change);
    },
    refuse(method, path, status, headers = {}) {
      const refusal = (request: Request) =>
        request.method === method && path.test(request.path)
          ? { status, contentType: "text/plain", body: "refused by the test", headers }
          : undefined;
      refusals.add(refusal);
      return () => refusals.delete(refusal);
    },
  };
}

function replaced(whole: JsonObject, change: JsonObject): JsonObject {
  const members = Object.entries(change).map(([key, value]) => {
    const before = whole[key];
    return [key, isJsonObject(before) && isJsonObject(value) ? replaced(before, value) : value];
  });
  return { ...whole, ...Object.fromEntries(members) };
}
