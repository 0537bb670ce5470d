import type { DeliveryAttempt, DeliveryLog } from "../../ports/delivery-log.ts";
import type { AppClient } from "./app-client.ts";
import { isRefusal, readAnswer, writeGitHub } from "./call-github.ts";
import type { GitHubLog } from "./client.ts";
import { PER_PAGE } from "./collect-pages.ts";

/** What GitHub answers where it does not deliver an attempt again: unknown, too old, or not from here. */
const NOT_AGAIN = [400, 404, 410, 422];

/** Reads the App's log of deliveries, with the App's own key. */
export function githubDeliveryLog(connect: () => Promise<AppClient>, log: GitHubLog): DeliveryLog {
  let isMissingTold = false;

  function tellMissing(): undefined {
    if (isMissingTold) return undefined;
    isMissingTold = true;
    log.info("The App's log of deliveries is not offered here; missed deliveries are found by what is open");
    return undefined;
  }

  return {
    async fetchPage(from) {
      const client = await connect();
      const cursor = from === undefined ? {} : { cursor: from };
      try {
        const answer = await readAnswer("read the log of deliveries", () =>
          client.rest.apps.listWebhookDeliveries({ per_page: PER_PAGE, ...cursor }),
        );
        return { attempts: answer.data.map(attemptOf), next: nextCursor(answer.headers.link) };
      } catch (failure) {
        if (isRefusal(failure, [404, 410])) return tellMissing();
        throw failure;
      }
    },

    async requestAgain(attemptId) {
      const client = await connect();
      try {
        await writeGitHub("deliver a webhook again", async () => {
          // By its path, because the typed method takes a number and the id can be longer than one holds.
          const path = `/app/hook/deliveries/${encodeURIComponent(attemptId)}/attempts`;
          const { headers } = await client.request(`POST ${path}`);
          // Accepted is accepted, with or without a body.
          return { status: 204, headers, data: undefined };
        });
        return "requested";
      } catch (failure) {
        if (isRefusal(failure, NOT_AGAIN)) return "refused";
        throw failure;
      }
    },
  };
}

function attemptOf(listed: {
  readonly id: unknown;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly delivered_at: string;
}): DeliveryAttempt {
  return {
    id: String(listed.id),
    deliveryId: listed.guid,
    event: listed.event,
    action: listed.action ?? undefined,
    at: new Date(listed.delivered_at),
  };
}

function nextCursor(link: string | number | undefined): string | undefined {
  const [, address] = /<([^>]+)>;\s*rel="?next"?/.exec(String(link ?? "")) ?? [];
  return address === undefined ? undefined : (new URL(address).searchParams.get("cursor") ?? undefined);
}
