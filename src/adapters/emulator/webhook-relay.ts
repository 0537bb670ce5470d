import { createHmac, randomUUID } from "node:crypto";
import { z } from "zod";
import { jsonObject } from "../../core/json.ts";
import { type LoopbackReply, type LoopbackRequest, startLoopbackServer } from "./loopback-server.ts";

const BODY_BYTES_MAX = 25 * 1024 * 1024;
const DELIVERY_TIMEOUT_MS = 10_000;
const DELIVERIES_KEPT_MAX = 1_000;

const payloadSchema = z.looseObject({
  action: z.string().optional(),
  pull_request: z.looseObject({ number: z.int() }).optional(),
  issue: z.looseObject({ number: z.int() }).optional(),
});
type Payload = z.output<typeof payloadSchema>;

/** One webhook that was passed on, or that nobody was there to receive. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly action: string | undefined;
  /** Status that the receiver answered; undefined where nobody received it. */
  readonly status: number | undefined;
}

/** Passes the emulator's webhooks on to an app whose address may become known later. */
export interface WebhookRelay {
  readonly url: string;
  /** From now on deliveries go to this address; what came before was lost, as on GitHub. */
  deliverTo(url: string): void;
  /** The last deliveries, oldest first. */
  deliveries(): readonly Delivery[];
  close(): Promise<void>;
}

/**
 * Starts a relay that makes the emulator's webhooks look like GitHub's: each gets an id of its own
 * and the hook's headers, pull request events say their number, comments say whether they are on a pull
 * request, and the signature is made anew.
 */
export async function startWebhookRelay(options: {
  readonly secret: string;
  readonly appId: number;
}): Promise<WebhookRelay> {
  const deliveries: Delivery[] = [];
  const pullRequests = new Set<number>();
  let target: string | undefined;

  async function relay(request: LoopbackRequest): Promise<LoopbackReply> {
    const event = request.headers["x-github-event"] ?? "";
    const payload = payloadSchema.and(jsonObject).parse(JSON.parse(request.body));
    if (payload.pull_request !== undefined) pullRequests.add(payload.pull_request.number);
    const body = JSON.stringify(completed(payload, pullRequests));
    const id = randomUUID();
    const status = target === undefined ? undefined : await deliver(target, { id, event, body, ...options });
    deliveries.push({ id, event, action: payload.action, status });
    if (deliveries.length > DELIVERIES_KEPT_MAX) deliveries.shift();
    return { status: 202, contentType: "text/plain", body: "" };
  }

  const server = await startLoopbackServer({
    port: 0,
    bodyBytesMax: BODY_BYTES_MAX,
    handle: relay,
    refuse: (status, message) => ({ status, contentType: "text/plain", body: message }),
  });
  return {
    ...server,
    deliverTo: (url) => {
      target = url;
    },
    deliveries: () => [...deliveries],
  };
}

/** Adds what GitHub says and the emulator leaves out; every pull request was told of before a comment on it. */
function completed(payload: Payload, pullRequests: ReadonlySet<number>): Payload {
  const { pull_request: pullRequest, issue } = payload;
  if (pullRequest !== undefined) return { number: pullRequest.number, ...payload };
  if (issue === undefined || !pullRequests.has(issue.number)) return payload;
  return { ...payload, issue: { pull_request: {}, ...issue } };
}

async function deliver(
  target: string,
  hook: {
    readonly id: string;
    readonly event: string;
    readonly body: string;
    readonly secret: string;
    readonly appId: number;
  },
): Promise<number | undefined> {
  const signature = createHmac("sha256", hook.secret).update(hook.body).digest("hex");
  try {
    const response = await fetch(target, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/emulated",
        "x-github-event": hook.event,
        "x-github-delivery": hook.id,
        "x-github-hook-id": "1",
        "x-github-hook-installation-target-type": "integration",
        "x-github-hook-installation-target-id": String(hook.appId),
        "x-hub-signature-256": `sha256=${signature}`,
      },
      body: hook.body,
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    // Like GitHub, the relay does not try again: a receiver that was away has missed the delivery.
    return undefined;
  }
}
