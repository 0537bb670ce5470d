import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

const KEEP_ALIVE_MS = 60_000;

/** A request as a handler sees it: the body whole, as text. */
export interface LoopbackRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a handler answers. */
export interface LoopbackReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server that is listening. */
export interface LoopbackServer {
  readonly url: string;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

interface LoopbackOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly bodyBytesMax: number;
  readonly handle: (request: LoopbackRequest) => Promise<LoopbackReply>;
  /** Says in the server's own shape that a request was too large, or that answering it failed. */
  readonly refuse: (status: 413 | 500, message: string) => LoopbackReply;
}

/** Starts an HTTP server on the loopback address that answers whole bodies with whole bodies. */
export async function startLoopbackServer(options: LoopbackOptions): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    void answer(request, options).then((reply) => send(response, reply));
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, options: LoopbackOptions): Promise<LoopbackReply> {
  try {
    const body = await readBody(request, options.bodyBytesMax);
    if (body === undefined) return options.refuse(413, `expected at most ${options.bodyBytesMax} bytes`);
    return await options.handle({
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers: flatHeaders(request),
      body,
    });
  } catch (cause) {
    return options.refuse(500, cause instanceof Error ? cause.message : "unknown fault");
  }
}

async function readBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // The rest is read and let go, so that the client gets to see the answer.
    if (bytes <= bytesMax) chunks.push(chunk);
  }
  return bytes > bytesMax ? undefined : Buffer.concat(chunks).toString("utf8");
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

function send(response: ServerResponse, reply: LoopbackReply): void {
  response.writeHead(reply.status, {
    "content-type": reply.contentType,
    "content-length": Buffer.byteLength(reply.body),
    ...reply.headers,
  });
  response.end(reply.body);
}
