import { createHmac, randomUUID } from "node:crypto";
import type { JsonObject } from "../../../src/core/json.ts";
import { isJsonObject, jsonObject } from "../../../src/core/json.ts";

const FIRST_ID = 12_000_000_001;
const TIMEOUT_MS = 10_000;
const KEPT_MAX = 5_000;
/** What GitHub notes where nobody answered. */
const NOBODY = { status: "failed to connect to host", statusCode: 502 };

/** One attempt to deliver a webhook, as GitHub's log keeps it. */
export interface Attempt {
  readonly id: number;
  /** The same for all attempts of one delivery. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  readonly status: string;
  readonly statusCode: number;
  readonly seconds: number;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answer: string;
}

/** Where an App's webhooks go, and the log of what became of them. */
export interface Hooks {
  /** From now on webhooks go to this address; without one nobody is there to receive them. */
  deliverTo(url: string | undefined): void;
  /** Delivers a webhook once, as GitHub does, and notes what came of it. */
  send(event: string, payload: JsonObject, guid?: string): Promise<Attempt>;
  /** Delivers the body of an attempt again, under the guid that it had. */
  sendAgain(attempt: Attempt): Promise<Attempt>;
  /** The log, newest first. */
  attempts(): readonly Attempt[];
  /** Waits until nothing is under way. */
  settled(): Promise<void>;
}

/** Opens the hook of an App. */
export function openHooks(app: {
  readonly id: number;
  readonly secret: string;
  readonly installationId: number;
}): Hooks {
  const attempts: Attempt[] = [];
  const underWay = new Set<Promise<Attempt>>();
  let nextId = FIRST_ID;
  let target: string | undefined;

  async function attempt(what: {
    readonly guid: string;
    readonly event: string;
    readonly body: string;
    readonly redelivery: boolean;
  }): Promise<Attempt> {
    const id = nextId;
    nextId += 1;
    const requestHeaders = headersOf(app, what);
    const startedMs = performance.now();
    const answered = target === undefined ? NOBODY : await post(target, requestHeaders, what.body);
    const action = jsonObject.parse(JSON.parse(what.body)).action;
    const done: Attempt = {
      ...what,
      ...{ answer: "", ...answered },
      id,
      action: typeof action === "string" ? action : undefined,
      deliveredAt: new Date().toISOString(),
      seconds: (performance.now() - startedMs) / 1_000,
      requestHeaders,
    };
    attempts.push(done);
    if (attempts.length > KEPT_MAX) attempts.shift();
    return done;
  }

  function track(under: Promise<Attempt>): Promise<Attempt> {
    underWay.add(under);
    return under.finally(() => underWay.delete(under));
  }

  return {
    deliverTo: (url) => {
      target = url;
    },
    send: (event, payload, guid = randomUUID()) =>
      track(
        attempt({ guid, event, body: JSON.stringify(withInstallation(payload, app)), redelivery: false }),
      ),
    sendAgain: ({ guid, event, body }) => track(attempt({ guid, event, body, redelivery: true })),
    attempts: () => attempts.toSorted((one, other) => other.id - one.id),
    settled: async () => {
      await Promise.all(underWay);
    },
  };
}

function withInstallation(payload: JsonObject, app: { readonly installationId: number }): JsonObject {
  if (isJsonObject(payload.installation)) return payload;
  return {
    ...payload,
    installation: { id: app.installationId, node_id: "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u" },
  };
}

function headersOf(
  app: { readonly id: number; readonly secret: string },
  hook: { readonly guid: string; readonly event: string; readonly body: string },
): Readonly<Record<string, string>> {
  return {
    "Content-Type": "application/json",
    "User-Agent": "GitHub-Hookshot/emulated",
    "X-GitHub-Event": hook.event,
    "X-GitHub-Delivery": hook.guid,
    "X-GitHub-Hook-ID": "1",
    "X-GitHub-Hook-Installation-Target-Type": "integration",
    "X-GitHub-Hook-Installation-Target-ID": String(app.id),
    "X-Hub-Signature-256": `sha256=${createHmac("sha256", app.secret).update(hook.body).digest("hex")}`,
  };
}

async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<{ readonly status: string; readonly statusCode: number; readonly answer?: string }> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.text();
    const status = response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`;
    return { status, statusCode: response.status, answer };
  } catch {
    // GitHub does not try again by itself: a receiver that was away has missed the delivery.
    return NOBODY;
  }
}
