import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Delivery } from "../ports/delivery-store.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import type { Intake } from "../ports/metrics.ts";
import { type Body, type BodyRoom, newBodyRoom, readBody } from "./http-body.ts";
import { findPage, json, type Page, type PageRequest, type PageResponse } from "./http-page.ts";
import type { Logger } from "./log.ts";
import { hasValidSignature } from "./signature.ts";

/** GitHub sends no larger payload. */
export const WEBHOOK_BYTES_MAX = 25 * 1024 * 1024;
export const WEBHOOK_PATH = "/api/github/webhooks";

/** What pages take: a form of a few fields. */
const FORM_BYTES_MAX = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How late a sender that is too slow is noticed at most. */
const SLOW_SENDERS_EVERY_MS = 5_000;
/** When to come back to a server that has no store, or no room, at the moment. */
const RETRY_AFTER_SECONDS = 5;
const KEEP_ALIVE_TIMEOUT_MS = 60_000;
/** Requests that are under way when the server stops have this long. */
const STOP_GRACE_MS = 2_000;
const HEADERS_MAX = 100;
const DELIVERY_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DIGEST_LENGTH = 16;
const EVENT_NAME = /^[a-z_]{1,64}$/;

const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/** What the front needs to do its work. */
export interface FrontOptions {
  readonly host: string;
  /** Zero takes any free port. */
  readonly port: number;
  /** Undefined where this process takes no webhooks. */
  readonly webhooks: WebhookIntake | undefined;
  /** Says why the process cannot take work now; empty where it can. */
  readonly fetchReasonsNotReady: () => Promise<readonly string[]>;
  /** Further pages, in the order in which they are asked. */
  readonly pages: readonly Page[];
  readonly log: Logger;
  readonly now: () => Date;
}

/** How webhooks are taken in. */
interface WebhookIntake {
  readonly secrets: readonly string[];
  readonly saveDelivery: (delivery: Delivery) => Promise<"stored" | "already_waiting" | "already_processed">;
  /** Told how each webhook was taken. */
  readonly onTaken?: (event: string, intake: Intake) => void;
}

/** A running HTTP front. */
export interface Front {
  readonly url: string;
  /** Takes no more requests and waits for those under way. */
  stop(): Promise<void>;
}

/** Starts to listen; resolves when requests are taken. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const room = newBodyRoom();
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: SLOW_SENDERS_EVERY_MS,
    },
    (request, response) => {
      answer(request, options, room)
        .catch((cause: unknown) => unexpected(cause, options.log))
        .then((page) => send(request, response, page))
        .catch((cause: unknown) => options.log.error({ err: cause }, "an answer could not be sent"));
    },
  );
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.maxHeadersCount = HEADERS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return { url: urlOf(server.address()), stop: () => stopServer(server) };
}

async function answer(
  request: IncomingMessage,
  options: FrontOptions,
  room: BodyRoom,
): Promise<PageResponse> {
  const method = request.method ?? "GET";
  // Joined as text: resolved as a link, a path that begins with two slashes would name a host.
  const url = URL.parse(`http://front.invalid${request.url ?? "/"}`);
  if (url === null) return json(400, { error: "the address is not readable" });
  if (url.pathname === WEBHOOK_PATH && options.webhooks !== undefined) {
    return method === "POST" ? takeCounted(request, options.webhooks, options, room) : notAllowed("POST");
  }
  const { page, methods } = findPage([...ownPages(options), ...options.pages], method, url.pathname);
  if (page !== undefined) return page.respond(pageRequest(request, url));
  return methods.length > 0
    ? notAllowed(methods.join(", "))
    : json(404, { error: "there is nothing at this address" });
}

function pageRequest(request: IncomingMessage, url: URL): PageRequest {
  return {
    url,
    header: (name) => headerOf(request, name),
    async readText() {
      const body = await readBody(request, FORM_BYTES_MAX);
      return body.kind === "read" ? body.bytes.toString("utf8") : undefined;
    },
  };
}

async function takeCounted(
  request: IncomingMessage,
  intake: WebhookIntake,
  options: FrontOptions,
  room: BodyRoom,
): Promise<PageResponse> {
  const tell = (how: Intake): void => intake.onTaken?.(headerOf(request, "x-github-event"), how);
  const held = room.hold();
  try {
    const body = await readBody(request, WEBHOOK_BYTES_MAX, held);
    const { page, how } = await takeWebhook(request, body, intake, options);
    tell(how);
    return page;
  } catch (cause) {
    tell("unavailable");
    throw cause;
  } finally {
    held.free();
  }
}

/** An answer to a webhook, and how it was taken. */
interface Taken {
  readonly page: PageResponse;
  readonly how: Intake;
}

async function takeWebhook(
  request: IncomingMessage,
  body: Body,
  intake: WebhookIntake,
  { log, now }: FrontOptions,
): Promise<Taken> {
  if (body.kind === "no_room") return { page: { ...unavailable(), close: true }, how: "unavailable" };
  if (body.kind === "too_large") {
    const page = json(413, { error: `a payload has at most ${WEBHOOK_BYTES_MAX} bytes` });
    return { page: { ...page, close: true }, how: "refused_size" };
  }
  if (body.kind === "cut_off") return refused("the payload ended early", true);
  const id = headerOf(request, "x-github-delivery");
  const event = headerOf(request, "x-github-event");
  if (!DELIVERY_ID.test(id) || !EVENT_NAME.test(event)) {
    return refused("the headers X-GitHub-Delivery and X-GitHub-Event are needed");
  }
  if (!isJsonType(headerOf(request, "content-type"))) {
    return refused("webhooks are taken as application/json; set the App's content type to it");
  }
  if (!hasValidSignature(body.bytes, headerOf(request, "x-hub-signature-256"), intake.secrets)) {
    log.warn(
      { delivery: id, event },
      "refused a webhook: its signature is missing or made with another secret",
    );
    return { page: json(401, { error: "the signature does not match" }), how: "refused_signature" };
  }
  const payload = body.bytes.toString("utf8");
  if (!isJsonObjectText(payload)) return refused("the payload is not a JSON object");
  return save({ id: deliveryKey(id, body.bytes), event, payload, receivedAt: now() }, intake, log);
}

/**
 * Identifies a delivery. GitHub's own ids are GUIDs and unique; others number theirs by the clock, so that two
 * events of one millisecond share an id and only the body tells them apart.
 */
function deliveryKey(id: string, body: Buffer): string {
  if (GUID.test(id)) return id;
  const digest = createHash("sha256").update(body).digest("hex").slice(0, DIGEST_LENGTH);
  return `${id}.${digest}`;
}

function refused(error: string, close = false): Taken {
  return { page: { ...json(400, { error }), close }, how: "refused_form" };
}

async function save(delivery: Delivery, intake: WebhookIntake, log: Logger): Promise<Taken> {
  const saved = await intake.saveDelivery(delivery);
  log.debug({ delivery: delivery.id, event: delivery.event, saved }, "took a webhook");
  const page = json(saved === "already_processed" ? 200 : 202, { status: saved });
  return { page, how: saved === "stored" ? "stored" : "duplicate" };
}

function ownPages(options: FrontOptions): readonly Page[] {
  return [
    { path: "/health", respond: async () => json(200, { status: "live" }) },
    {
      path: "/ready",
      async respond() {
        const reasons = await options.fetchReasonsNotReady();
        return reasons.length === 0
          ? json(200, { status: "ready" })
          : json(503, { status: "not ready", reasons });
      },
    },
  ];
}

/** What was wrong goes to the log; the one who asked learns no more than that it was us. */
function unexpected(cause: unknown, log: Logger): PageResponse {
  log.error({ err: cause }, "a request could not be answered");
  return cause instanceof ExternalFailure
    ? unavailable()
    : json(500, { error: "this did not work; the log of the server says why" });
}

function unavailable(): PageResponse {
  const page = json(503, { error: "not available at the moment" });
  return { ...page, headers: { ...page.headers, "retry-after": String(RETRY_AFTER_SECONDS) } };
}

function send(request: IncomingMessage, response: ServerResponse, page: PageResponse): void {
  const body = Buffer.from(page.body, "utf8");
  response.writeHead(page.status, {
    ...SECURITY_HEADERS,
    ...page.headers,
    "content-length": body.byteLength,
    ...(page.close === true ? { connection: "close" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function notAllowed(allow: string): PageResponse {
  const page = json(405, { error: `this address takes ${allow}` });
  // A body that nobody reads would be taken for the next request of the connection.
  return { ...page, headers: { ...page.headers, allow }, close: true };
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

function isJsonType(contentType: string): boolean {
  return contentType.split(";")[0]?.trim().toLowerCase() === "application/json";
}

function isJsonObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === "string") throw new Error("the server has no TCP address");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

function stopServer(server: Server): Promise<void> {
  // Who sends slowly must not use up the time that is there for what runs.
  const overdue = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
  return new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeIdleConnections();
  }).finally(() => clearTimeout(overdue));
}
