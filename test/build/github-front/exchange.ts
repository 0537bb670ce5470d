import type { LoopbackReply, LoopbackRequest } from "../../../src/adapters/emulator/loopback-server.ts";
import type { JsonObject, JsonValue } from "../../../src/core/json.ts";
import { jsonObject } from "../../../src/core/json.ts";

export type Request = LoopbackRequest;
export type Reply = LoopbackReply;

/** Answers a request, whoever stands behind it. */
export type Handler = (request: Request) => Promise<Reply>;

const DOCUMENTATION = "https://docs.github.com/rest";

/** Makes an answer in JSON. */
export function json(
  status: number,
  value: JsonValue,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    contentType: "application/json; charset=utf-8",
    body: status === 204 ? "" : JSON.stringify(value),
    headers,
  };
}

/** Makes a refusal in GitHub's shape. */
export function refusal(status: number, message: string, errors?: readonly JsonObject[]): Reply {
  return json(status, {
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: DOCUMENTATION,
    status: String(status),
  });
}

/** Reads the body of a request or an answer as an object; an empty one for none. */
export function bodyOf({ body }: { readonly body: string }): JsonObject {
  return body === "" ? {} : jsonObject.parse(JSON.parse(body));
}

/** Tells whether an answer says that it was done. */
export function succeeded({ status }: Reply): boolean {
  return status >= 200 && status < 300;
}

/** Cuts a list into GitHub's pages, and says in `link` where the next one is. */
export function page<T extends JsonValue>(
  request: Request,
  items: readonly T[],
): { readonly items: readonly T[]; readonly headers: Readonly<Record<string, string>> } {
  const url = new URL(request.path, "http://github.test");
  const perPage = Math.min(Number(url.searchParams.get("per_page") ?? 30) || 30, 100);
  const number = Number(url.searchParams.get("page") ?? 1) || 1;
  const cut = items.slice((number - 1) * perPage, number * perPage);
  if (number * perPage >= items.length) return { items: cut, headers: {} };
  url.searchParams.set("page", String(number + 1));
  return { items: cut, headers: { link: `<${url.href}>; rel="next"` } };
}
