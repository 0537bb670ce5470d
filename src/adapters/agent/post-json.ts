import { type LookupAddress, lookup } from "node:dns";
import { Agent as HttpAgentPool, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgentPool, request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { OutboundRules } from "./outbound-rules.ts";

/** Sent with a redirect, whatever its body says. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Resolves a name to all its addresses. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** What is sent where, and what the answer may be like. */
export interface JsonPost {
  readonly url: URL;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytesMax: number;
  readonly rules: OutboundRules;
  readonly resolve: Resolve;
  readonly signal: AbortSignal;
}

/** An answer as it came. */
export interface JsonReply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Buffer;
}

/** An address that may not be reached, or an answer that is none: trying again changes nothing. */
export class RefusedPost extends Error {}

/** Resolves names as the system does. */
export const resolveBySystem: Resolve = (host) =>
  new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/**
 * Posts JSON to an address that a repository names.
 *
 * The name is resolved here, every address that it has is held against the rules, and the connection is made to one of
 * those: what the name leads to cannot change in between. A connection is made for each request, and no redirect is followed.
 */
export async function postJson(post: JsonPost): Promise<JsonReply> {
  const { url, rules, signal } = post;
  const problem = rules.urlProblem(url);
  if (problem !== undefined) throw new RefusedPost(problem);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await post.resolve(host) : [{ address: host, family: isIP(host) }];
  signal.throwIfAborted();
  if (addresses.length === 0) throw new RefusedPost(`${host} has no address`);
  for (const { address } of addresses) {
    const closed = rules.addressProblem(address, url);
    if (closed !== undefined) throw new RefusedPost(closed);
  }
  return await send(post, toThese(addresses));
}

/** Hands the addresses that were looked at to whoever connects. */
function toThese(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (first === undefined) throw new Error("there was an address a moment ago");
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

function send(
  { url, body, headers, bytesMax, signal }: JsonPost,
  lookupThese: LookupFunction,
): Promise<JsonReply> {
  const isSecure = url.protocol === "https:";
  const start = isSecure ? requestHttps : requestHttp;
  // A pool of its own, so that no connection to an earlier address is taken up again.
  const agent = isSecure ? new HttpsAgentPool() : new HttpAgentPool();
  return new Promise((resolve, reject) => {
    const options = {
      method: "POST",
      agent,
      lookup: lookupThese,
      signal,
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "content-length": String(Buffer.byteLength(body)),
        ...headers,
      },
    };
    const request = start(url, options, (incoming) => {
      readReply(incoming, bytesMax).then(resolve, (error: unknown) => {
        request.destroy();
        reject(error);
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function readReply(incoming: IncomingMessage, bytesMax: number): Promise<JsonReply> {
  const status = incoming.statusCode ?? 0;
  if (REDIRECTS.includes(status))
    throw new RefusedPost(`it answers with a redirect (status ${status}), and none is followed`);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.length;
    if (length > bytesMax) throw new RefusedPost(`its answer is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return { status, retryAfter: incoming.headers["retry-after"], body: Buffer.concat(chunks, length) };
}
