import type { Permissions } from "../../core/doctor/facts.ts";
import type { AppSettings } from "../../ports/app-settings.ts";
import type { AppClient } from "./app-client.ts";
import { readAnswer, readGitHub } from "./call-github.ts";
import { PER_PAGE } from "./collect-pages.ts";

interface Owner {
  readonly login?: string;
  readonly slug?: string;
  readonly type?: string;
}

/** Reads the App's own settings with its own key. */
export function githubAppSettings(connect: () => Promise<AppClient>, now: () => Date): AppSettings {
  return {
    async fetchApp() {
      const client = await connect();
      const askedMs = now().getTime();
      const { data, headers } = await readAnswer("say which app we are", () =>
        client.rest.apps.getAuthenticated(),
      );
      const middleMs = (askedMs + now().getTime()) / 2;
      if (data === null) throw new Error("GitHub named no app");
      return {
        id: data.id,
        permissions: permissionsIn(data.permissions),
        events: data.events,
        settingsUrl: settingsOf(data.html_url, data.owner, data.slug ?? ""),
        aheadSeconds: aheadOf(headers.date, middleMs),
      };
    },

    async fetchWebhook() {
      const client = await connect();
      const config = await readGitHub("read where webhooks go", () =>
        client.rest.apps.getWebhookConfigForApp(),
      );
      return {
        url: config.url ?? "",
        contentType: config.content_type ?? "form",
        verifiesTls: Number(config.insecure_ssl ?? 0) === 0,
      };
    },

    async fetchAttempts() {
      const client = await connect();
      const listed = await readGitHub("read the log of deliveries", () =>
        client.rest.apps.listWebhookDeliveries({ per_page: PER_PAGE }),
      );
      return listed.map(({ guid, event, delivered_at, status_code, status }) => ({
        deliveryId: guid,
        event,
        at: new Date(delivered_at),
        statusCode: status_code,
        status,
      }));
    },

    async fetchInstallation(owner, repo) {
      const client = await connect();
      const found = await readGitHub(`read the installation of ${owner}/${repo}`, () =>
        client.rest.apps.getRepoInstallation({ owner, repo }),
      );
      return {
        id: found.id,
        permissions: permissionsIn(found.permissions),
        events: found.events,
        suspended: found.suspended_at !== null && found.suspended_at !== undefined,
        settingsUrl: found.html_url,
      };
    },
  };
}

function permissionsIn(given: object): Permissions {
  return Object.fromEntries(Object.entries(given).map(([name, level]) => [name, String(level)]));
}

/** The page of the settings, beside the public page that GitHub names. */
function settingsOf(publicUrl: string, owner: Owner | null, slug: string): string {
  const origin = URL.parse(publicUrl)?.origin ?? "https://github.com";
  const isOrganization = owner?.type === "Organization" && owner.login !== undefined;
  const account = isOrganization ? `/organizations/${owner.login}` : "";
  return `${origin}${account}/settings/apps/${slug}`;
}

/** GitHub's time is that of the middle of the request, to the second. */
function aheadOf(date: string | number | undefined, middleMs: number): number | undefined {
  const theirs = Date.parse(String(date ?? ""));
  return Number.isNaN(theirs) ? undefined : (middleMs - theirs) / 1_000;
}
