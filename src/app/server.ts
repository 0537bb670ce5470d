import type { Finding } from "../core/doctor/finding.ts";
import type { Delivery } from "../ports/delivery-store.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { ReportPages } from "../ports/report-pages.ts";
import type { Operations } from "./dashboard/operations.ts";
import type { Environment } from "./env.ts";
import { type FrontOptions, startFront } from "./http-front.ts";
import type { Page } from "./http-page.ts";
import type { Logger } from "./log.ts";
import { openLater } from "./open-later.ts";

/** What a server does behind its front, once its store is open. */
export interface Service {
  readonly saveDelivery: (delivery: Delivery) => Promise<"stored" | "already_waiting" | "already_processed">;
  /** Says why work cannot be taken now; empty where it can. */
  readonly fetchReasonsNotReady: () => Promise<readonly string[]>;
  /** What an administrator sees and may do. */
  readonly operations: Operations;
  /** The pages of runs, for those who have their address. */
  readonly reportPages: Pick<ReportPages, "fetchPage">;
  /** Looks at what the gate rests on, of one repository too where it is named as `owner/name`. */
  readonly examine: (repo: string | undefined) => Promise<readonly Finding[]>;
  /** Does nothing more, waits for what runs up to the given time, and closes the store. */
  readonly stop: (drainMs: number) => Promise<void>;
}

/** What the server is told. */
export interface ServerOptions {
  readonly environment: Environment;
  readonly log: Logger;
  /** Opens the store and begins to work; a failure leaves nothing open. */
  readonly openService: () => Promise<Service>;
  /** Pages besides our own; each may ask for the service, which throws while there is none. */
  readonly pagesOf: (
    service: () => Service,
    fetchReasonsNotReady: () => Promise<readonly string[]>,
  ) => readonly Page[];
  readonly metrics: Metrics;
}

/** A running server. */
export interface RunningServer {
  readonly url: string;
  /** Resolves when the store is open and work is done; rejects where it cannot be opened and waiting does not help. */
  readonly working: Promise<unknown>;
  /** Takes nothing more, waits for what runs up to the given time, and closes the store. */
  stop(drainMs: number): Promise<void>;
}

/**
 * Listens, then opens the store. While the store is away that may come back, the server says so and tries again;
 * what cannot be helped by waiting is thrown at the first attempt, and rejects `working` at a later one.
 */
export async function runServer(options: ServerOptions): Promise<RunningServer> {
  const { log } = options;
  let isStopping = false;
  let isLate = false;
  const service = openLater({
    async open() {
      const opened = await options.openService();
      if (isLate) log.info("the store is open");
      return opened;
    },
    onFailure(failure, againInMs) {
      isLate = true;
      log.warn({ err: failure, againInMs }, "the store cannot be opened; trying again");
    },
    chance: Math.random,
  });
  const stopService = async (drainMs: number) => (await service.stop())?.stop(drainMs);
  const front = await startFront(frontOptions(options, service.get)).catch(async (cause: unknown) => {
    await stopService(0);
    throw cause;
  });
  await service.tried.catch(async (cause: unknown) => {
    await front.stop();
    throw cause;
  });
  return {
    url: front.url,
    working: service.opened.catch((cause: unknown) => {
      if (!isStopping) throw cause;
    }),
    async stop(drainMs) {
      isStopping = true;
      await front.stop();
      await stopService(drainMs);
    },
  };
}

function frontOptions(
  { environment, log, pagesOf, metrics }: ServerOptions,
  service: () => Service,
): FrontOptions {
  const { role, http, app } = environment;
  const fetchReasonsNotReady = () => reasonsOf(service);
  return {
    host: http.host,
    port: http.port,
    webhooks:
      role === "worker"
        ? undefined
        : {
            secrets: app.webhookSecrets,
            saveDelivery: async (delivery) => service().saveDelivery(delivery),
            onTaken: (event, intake) => metrics.note({ kind: "delivery_taken", event, intake }),
          },
    fetchReasonsNotReady,
    pages: pagesOf(service, fetchReasonsNotReady),
    log,
    now: () => new Date(),
  };
}

async function reasonsOf(service: () => Service): Promise<readonly string[]> {
  try {
    return await service().fetchReasonsNotReady();
  } catch (cause) {
    if (!(cause instanceof ExternalFailure)) throw cause;
    return ["the store is not open yet"];
  }
}
