import { Agent, type IncomingMessage, request as open } from "node:http";
import type { Handler, Reply, Request } from "./exchange.ts";

/** What belongs to one connection, or is made anew. */
const NOT_PASSED_ON = ["host", "connection", "content-length", "accept-encoding", "transfer-encoding"];
const PASSED_BACK = ["link", "location", "etag", "retry-after"];

/** Passes requests on to a server on this machine over kept connections. */
export function passOn(target: string): { readonly handle: Handler; close(): void } {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(target);

  function once(request: Request): Promise<Reply> {
    const body = request.method === "GET" || request.method === "HEAD" ? "" : request.body;
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !NOT_PASSED_ON.includes(name)),
    );
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const asked = open(
      {
        agent,
        hostname,
        port,
        method: request.method,
        path: request.path,
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        readAll(response).then(resolve, reject);
      },
    );
    asked.once("error", (cause: NodeJS.ErrnoException) => {
      // The other side had closed the kept connection before it saw the request.
      if (asked.reusedSocket && cause.code === "ECONNRESET") once(request).then(resolve, reject);
      else reject(cause);
    });
    asked.end(body);
    return promise;
  }

  return { handle: once, close: () => agent.destroy() };
}

async function readAll(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const passedBack = PASSED_BACK.flatMap((name) => {
    const value = response.headers[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return {
    status: response.statusCode ?? 500,
    contentType: response.headers["content-type"] ?? "text/plain",
    body: Buffer.concat(chunks).toString("utf8"),
    headers: Object.fromEntries(passedBack),
  };
}
