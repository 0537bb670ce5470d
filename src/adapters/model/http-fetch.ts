import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

const RESPONSE_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Sends a request as `fetch` does, over `node:http` with its keep-alive connections.
 * For whole JSON bodies only, at about half the processor time of the built-in `fetch`; redirects are not followed.
 */
export function httpFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  const { body, signal } = init;
  if (body !== undefined && body !== null && typeof body !== "string") {
    throw new TypeError("httpFetch sends text bodies only");
  }
  const given = init.headers instanceof Headers ? init.headers : new Headers(init.headers);
  const headers: Record<string, string> = Object.fromEntries(given);
  if (typeof body === "string") headers["content-length"] = String(Buffer.byteLength(body));
  const send = url.protocol === "https:" ? requestHttps : requestHttp;

  return new Promise((resolve, reject) => {
    const options = { method: init.method ?? "GET", headers, ...(signal ? { signal } : {}) };
    const request = send(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      let length = 0;
      incoming.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > RESPONSE_BYTES_MAX) incoming.destroy(new Error("the answer is too large"));
      });
      incoming.on("error", reject);
      incoming.on("end", () => {
        const status = incoming.statusCode ?? 0;
        const text = Buffer.concat(chunks, length).toString("utf8");
        resolve(answerOf(url.href, status, headersOf(incoming.rawHeaders), text));
      });
    });
    request.on("error", reject);
    request.end(body ?? undefined);
  });
}

/**
 * An answer that is there as a whole. A `Response` of the platform would make a stream of it and take it apart again,
 * which costs more than the rest of the request; what else one could do with it throws.
 */
function answerOf(url: string, status: number, headers: Headers, text: string): Response {
  const known: Partial<Response> = {
    url,
    status,
    ok: status >= 200 && status < 300,
    headers,
    body: null,
    text: async () => text,
    json: async () => JSON.parse(text),
  };
  return Object.create(Response.prototype, Object.getOwnPropertyDescriptors(known));
}

function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < raw.length; at += 2) headers.append(raw[at] ?? "", raw[at + 1] ?? "");
  return headers;
}
