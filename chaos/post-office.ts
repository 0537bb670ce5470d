import { setTimeout as sleep } from "node:timers/promises";
import {
  type LoopbackReply,
  type LoopbackRequest,
  startLoopbackServer,
} from "../src/adapters/emulator/loopback-server.ts";
import { isHeard } from "../src/app/webhooks.ts";
import type { Random } from "./random.ts";

const BODY_BYTES_MAX = 25 * 1024 * 1024;
const TIMEOUT_MS = 10_000;
/** Some deliveries come late, so that later events overtake them. */
const LATE_SHARE = 0.15;
const LATE_MS_MAX = 3_000;
/** Some come twice, as when somebody presses "Redeliver". */
const TWICE_SHARE = 0.1;
/** Headers that a delivery is sent with; the others belong to one connection. */
const SENT_HEADER = /^(x-github-|x-hub-|content-type$|user-agent$)/;

/** One delivery and what became of the attempts to hand it over. */
export interface LoggedDelivery {
  readonly guid: string;
  readonly event: string;
  readonly sentAtMs: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Statuses that the app answered; undefined where nobody did. */
  readonly answers: (number | undefined)[];
}

/** GitHub's side of webhooks: it hands each over once, keeps a log, and tries again only when it is asked to. */
export interface PostOffice {
  /** Takes webhooks in; whoever makes them sends them here. */
  readonly url: string;
  /** Everything that was ever sent, oldest first. */
  log(): readonly LoggedDelivery[];
  /** Hands one over again. */
  redeliver(delivery: LoggedDelivery): Promise<void>;
  /** Resolves once nothing is on its way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Tells whether the app took a delivery over. */
export function isAccepted({ answers }: LoggedDelivery): boolean {
  return answers.some((status) => status !== undefined && status >= 200 && status < 300);
}

/** Tells whether anybody listens to a delivery: the app asks for no other one. */
export function isMissable({ event, body }: LoggedDelivery): boolean {
  return isHeard(event, JSON.parse(body).action);
}

/** Opens a post office that hands deliveries to the app at this address. */
export async function openPostOffice(target: string, random: Random): Promise<PostOffice> {
  const deliveries: LoggedDelivery[] = [];
  const underWay = new Set<Promise<void>>();

  async function handOver(delivery: LoggedDelivery, afterMs: number): Promise<void> {
    await sleep(afterMs);
    delivery.answers.push(await post(target, delivery));
  }

  function send(delivery: LoggedDelivery, afterMs = 0): Promise<void> {
    const sending = handOver(delivery, afterMs).finally(() => underWay.delete(sending));
    underWay.add(sending);
    return sending;
  }

  async function takeIn({ headers, body }: LoopbackRequest): Promise<LoopbackReply> {
    const sent = Object.entries(headers).filter(([name]) => SENT_HEADER.test(name));
    const delivery: LoggedDelivery = {
      guid: headers["x-github-delivery"] ?? "",
      event: headers["x-github-event"] ?? "",
      sentAtMs: Date.now(),
      body,
      headers: Object.fromEntries(sent),
      answers: [],
    };
    deliveries.push(delivery);
    void send(delivery, random.share() < LATE_SHARE ? random.between(0, LATE_MS_MAX) : 0);
    if (random.share() < TWICE_SHARE) void send(delivery, random.between(0, LATE_MS_MAX));
    return { status: 202, contentType: "text/plain", body: "" };
  }

  const server = await startLoopbackServer({
    port: 0,
    bodyBytesMax: BODY_BYTES_MAX,
    handle: takeIn,
    refuse: (status, message) => ({ status, contentType: "text/plain", body: message }),
  });
  return {
    ...server,
    log: () => deliveries,
    redeliver: (delivery) => send(delivery),
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

async function post(target: string, { body, headers }: LoggedDelivery): Promise<number | undefined> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(target, { method: "POST", headers, body, signal });
    await response.arrayBuffer();
    return response.status;
  } catch {
    // The app is away or was killed in the middle of it; that is what the log is for.
    return undefined;
  }
}
