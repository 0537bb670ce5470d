import { fetchHere } from "../../src/adapters/emulator/fetch-here.ts";
import {
  type LoopbackReply,
  type LoopbackRequest,
  startLoopbackServer,
} from "../../src/adapters/emulator/loopback-server.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { isJsonObject } from "../../src/core/json.ts";

const BODY_BYTES_MAX = 25 * 1024 * 1024;
const PULL_REQUEST = /^\/repos\/[^/]+\/[^/]+\/pulls\/(\d+)$/;
/** What belongs to one connection, or is made anew. */
const NOT_PASSED_ON = ["host", "connection", "content-length", "accept-encoding", "transfer-encoding"];

/** Stands between the app and an emulated server, and has it say what it cannot say itself. */
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
  close(): Promise<void>;
}

/** Starts a front before a server on this machine. */
export async function startFront(target: string): Promise<Front> {
  const changes = new Map<number, JsonObject>();
  const refusals = new Set<(request: LoopbackRequest) => LoopbackReply | undefined>();

  async function handle(request: LoopbackRequest): Promise<LoopbackReply> {
    for (const refusal of refusals) {
      const reply = refusal(request);
      if (reply !== undefined) return reply;
    }
    const reply = await passOn(target, request);
    const number = Number(PULL_REQUEST.exec(request.path)?.[1]);
    const change = request.method === "GET" ? changes.get(number) : undefined;
    if (change === undefined || reply.status !== 200) return reply;
    return { ...reply, body: JSON.stringify(replaced(JSON.parse(reply.body), change)) };
  }

  const server = await startLoopbackServer({
    port: 0,
    bodyBytesMax: BODY_BYTES_MAX,
    handle,
    refuse: plain,
  });
  return {
    ...server,
    alter(pullRequest, change) {
      changes.set(pullRequest, change);
    },
    refuse(method, path, status, headers = {}) {
      const refusal = (request: LoopbackRequest) =>
        request.method === method && path.test(request.path)
          ? { ...plain(status, "refused by the test"), headers }
          : undefined;
      refusals.add(refusal);
      return () => refusals.delete(refusal);
    },
  };
}

async function passOn(target: string, request: LoopbackRequest): Promise<LoopbackReply> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !NOT_PASSED_ON.includes(name)),
  );
  const hasBody = request.method !== "GET" && request.method !== "HEAD" && request.body !== "";
  const response = await fetchHere(target + request.path, {
    method: request.method,
    headers,
    ...(hasBody ? { body: request.body } : {}),
  });
  const link = response.headers.get("link");
  return {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "text/plain",
    body: await response.text(),
    ...(link === null ? {} : { headers: { link } }),
  };
}

function replaced(whole: JsonObject, change: JsonObject): JsonObject {
  const members = Object.entries(change).map(([key, value]) => {
    const before = whole[key];
    return [key, isJsonObject(before) && isJsonObject(value) ? replaced(before, value) : value];
  });
  return { ...whole, ...Object.fromEntries(members) };
}

function plain(status: number, message: string): LoopbackReply {
  return { status, contentType: "text/plain", body: message };
}
