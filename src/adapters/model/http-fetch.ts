import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

const RESPONSE_BYTES_MAX = 32 * 1024 * 1024;
/** Answers that carry no body, for which `Response` takes none. */
const BODILESS: readonly number[] = [204, 205, 304];

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
        const content = BODILESS.includes(status) ? null : Buffer.concat(chunks, length).toString("utf8");
        resolve(new Response(content, { status, headers: headersOf(incoming.rawHeaders) }));
      });
    });
    request.on("error", reject);
    request.end(body ?? undefined);
  });
}

function headersOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return pairs;
}
