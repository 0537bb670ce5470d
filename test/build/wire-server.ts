import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Handler, Reply, Request } from "./github-front/exchange.ts";

const DRIPS = 8;

/** What may happen to an answer on its way. */
export type Wire =
  | { readonly kind: "reset" }
  /** The length is said rightly, half of the body is sent, and the connection is gone. */
  | { readonly kind: "cut" }
  | { readonly kind: "drip"; readonly pauseMs: number };

/** An answer, or nothing but a broken connection. */
export interface Sent extends Reply {
  readonly wire?: Wire;
}

/** A server on the loopback address whose connections can break. */
export interface WireServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a server that answers whole bodies, and breaks connections where the handler says so. */
export async function startWireServer(handle: (request: Request) => Promise<Sent>): Promise<WireServer> {
  const server = createServer((incoming, response) => {
    void readRequest(incoming)
      .then(handle)
      .catch((cause: unknown): Sent => fault(cause))
      .then((sent) => send(response, sent))
      .catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Gives GitHub's handler the entity tags that it answers with, and 304 to whom knows the answer already. */
export function withEntityTags(handle: Handler, tagOf: (body: string) => string): Handler {
  return async (request) => {
    const reply = await handle(request);
    if (request.method !== "GET" || reply.status !== 200) return reply;
    const etag = `W/"${tagOf(reply.body)}"`;
    const headers = { ...reply.headers, etag };
    if (request.headers["if-none-match"] !== etag) return { ...reply, headers };
    return { ...reply, status: 304, body: "", headers };
  };
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return {
    method: incoming.method ?? "GET",
    path: incoming.url ?? "/",
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function fault(cause: unknown): Sent {
  const message = cause instanceof Error ? (cause.stack ?? cause.message) : "unknown fault";
  return { status: 500, contentType: "text/plain", body: message };
}

async function send(response: ServerResponse, { wire, ...reply }: Sent): Promise<void> {
  if (wire?.kind === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(reply.body);
  const isEmpty = reply.status === 204 || reply.status === 304;
  response.writeHead(reply.status, {
    ...(isEmpty ? {} : { "content-type": reply.contentType, "content-length": body.byteLength }),
    ...reply.headers,
  });
  if (wire === undefined || isEmpty) {
    response.end(isEmpty ? undefined : body);
    return;
  }
  if (wire.kind === "cut") {
    response.write(body.subarray(0, Math.floor(body.byteLength / 2)), () => response.destroy());
    return;
  }
  const piece = Math.max(1, Math.ceil(body.byteLength / DRIPS));
  for (let start = 0; start < body.byteLength; start += piece) {
    response.write(body.subarray(start, start + piece));
    await sleep(wire.pauseMs);
  }
  response.end();
}
