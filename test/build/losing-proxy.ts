import { fetchHere } from "../../src/adapters/emulator/fetch-here.ts";
import {
  type LoopbackReply,
  type LoopbackRequest,
  startLoopbackServer,
} from "../../src/adapters/emulator/loopback-server.ts";

const BODY_BYTES_MAX = 1024 * 1024;
/** What belongs to one connection, or is made anew. */
const NOT_PASSED_ON = ["host", "connection", "content-length", "accept-encoding", "transfer-encoding"];

/** Stands before a GitHub and loses answers, and can have its reads stand still. */
export interface LosingProxy {
  readonly url: string;
  /** The next request of this method on such a path is carried out and answered with 502. */
  lose(method: string, path: RegExp): void;
  /** From now on what was read once is answered the same, until the reads move on. */
  holdReads(): void;
  moveOn(): void;
  close(): Promise<void>;
}

/** Starts a proxy before a server on this machine. */
export async function startLosingProxy(target: string): Promise<LosingProxy> {
  let held: Map<string, LoopbackReply> | undefined;
  const losses: { readonly method: string; readonly path: RegExp }[] = [];

  async function handle(request: LoopbackRequest): Promise<LoopbackReply> {
    if (request.method === "GET") {
      const reply = held?.get(request.path) ?? (await passOn(target, request));
      held?.set(request.path, reply);
      return reply;
    }
    const reply = await passOn(target, request);
    const loss = losses.findIndex(({ method, path }) => method === request.method && path.test(request.path));
    if (loss === -1) return reply;
    losses.splice(loss, 1);
    return { status: 502, contentType: "text/html", body: "<html>Bad Gateway</html>" };
  }

  const server = await startLoopbackServer({
    port: 0,
    bodyBytesMax: BODY_BYTES_MAX,
    handle,
    refuse: (status, message) => ({ status, contentType: "text/plain", body: message }),
  });
  return {
    ...server,
    lose: (method, path) => void losses.push({ method, path }),
    holdReads: () => {
      held = new Map();
    },
    moveOn: () => {
      held = undefined;
    },
  };
}

async function passOn(target: string, request: LoopbackRequest): Promise<LoopbackReply> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !NOT_PASSED_ON.includes(name)),
  );
  const hasBody = request.method !== "GET" && request.body !== "";
  const response = await fetchHere(target + request.path, {
    method: request.method,
    headers,
    ...(hasBody ? { body: request.body } : {}),
  });
  return {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "text/plain",
    body: await response.text(),
  };
}
