import { oneLine } from "../text/markdown.ts";
import type { AppFacts, AttemptFacts, InstallationFacts, Permissions, WebhookFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { NEEDED_EVENTS, NEEDED_PERMISSIONS, type Needed, UNWANTED_PERMISSIONS } from "./needed.ts";

/** GitHub takes a token that is signed within a minute of its own time. */
const AHEAD_SECONDS_MAX = 60;
const AHEAD_SECONDS_GOOD = 20;
const LEVELS: readonly string[] = ["none", "read", "write", "admin"];
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Judges what the App may do, what it is told of, and its clock. */
export function examineApp(app: AppFacts): readonly Finding[] {
  const mend = (what: string) =>
    `Change ${what} of the App on ${app.settingsUrl}/permissions, then have each installation accept it.`;
  return [
    ...grants(app, "App", mend),
    ...unwanted(app.permissions, app.settingsUrl),
    ...clock(app.aheadSeconds),
  ];
}

/** Judges what an installation has accepted, beside what the App asks for. */
export function examineInstallation(installation: InstallationFacts): readonly Finding[] {
  const { settingsUrl } = installation;
  const suspended: Finding = {
    on: "installation",
    state: "problem",
    says: "it is suspended: GitHub refuses everything that the app asks for",
    mend: `An owner of the account resumes it on ${settingsUrl}.`,
  };
  const mend = (what: string) =>
    `An owner of the account accepts ${what} on ${settingsUrl}; where nothing waits there, the App itself does not ask for it.`;
  return [...(installation.suspended ? [suspended] : []), ...grants(installation, "installation", mend)];
}

function grants(
  { permissions, events }: Pick<AppFacts, "permissions" | "events">,
  of: string,
  mend: (what: string) => string,
): readonly Finding[] {
  const lacking = NEEDED_PERMISSIONS.filter(({ name, level }) => rank(permissions[name]) < rank(level)).map(
    (needed) =>
      lack(
        `${of}: permission ${needed.name}`,
        `expected ${needed.level}, got ${LEVELS[rank(permissions[needed.name])]}`,
        needed,
        mend("the permissions"),
      ),
  );
  const unheard = NEEDED_EVENTS.filter(({ name }) => !events.includes(name)).map((needed) =>
    lack(`${of}: event ${needed.name}`, "it is not subscribed to", needed, mend("the events")),
  );
  return [
    ...(lacking.length > 0
      ? lacking
      : [ok(`${of}: permissions`, `all ${NEEDED_PERMISSIONS.length} that are needed are granted`)]),
    ...(unheard.length > 0
      ? unheard
      : [ok(`${of}: events`, `all ${NEEDED_EVENTS.length} that are needed are subscribed to`)]),
  ];
}

function lack(on: string, what: string, { essential, without }: Needed, mend: string): Finding {
  return { on, state: essential ? "problem" : "warning", says: `${what}; without it ${without}`, mend };
}

/** A level that we do not know is none. */
function rank(level: string | undefined): number {
  return Math.max(0, LEVELS.indexOf(level ?? "none"));
}

function unwanted(permissions: Permissions, settingsUrl: string): readonly Finding[] {
  return UNWANTED_PERMISSIONS.filter((name) => rank(permissions[name]) > 0).map((name) => ({
    on: `App: permission ${name}`,
    state: "warning",
    says: "it is granted and never used: whoever gets the App's key could change the gate with it",
    mend: `Take it away on ${settingsUrl}/permissions.`,
  }));
}

function clock(aheadSeconds: number | undefined): readonly Finding[] {
  const on = "clock";
  if (aheadSeconds === undefined)
    return [{ on, state: "warning", says: "could not look, because GitHub named no time" }];
  const apart = Math.abs(aheadSeconds);
  const says = `it is ${Math.round(apart)} s ${aheadSeconds < 0 ? "behind" : "ahead of"} GitHub's`;
  if (apart <= AHEAD_SECONDS_GOOD) return [ok(on, "it agrees with GitHub's")];
  const state = apart > AHEAD_SECONDS_MAX ? "problem" : "warning";
  return [
    {
      on,
      state,
      says,
      mend: "Set the clock of this machine by NTP: GitHub refuses keys from another minute.",
    },
  ];
}

/** Judges where GitHub delivers to; `path` is where the server takes deliveries. */
export function examineWebhook(
  webhook: WebhookFacts,
  path: string,
  settingsUrl: string | undefined,
): readonly Finding[] {
  const on = "webhook address";
  const mend = `Set it in the App's settings${settingsUrl === undefined ? "" : ` on ${settingsUrl}`}.`;
  const url = URL.parse(webhook.url);
  if (url === null) return [{ on, state: "problem", says: "there is none, so no event arrives", mend }];
  const findings: Finding[] = [];
  const shown = `${url.origin}${url.pathname}`;
  if (url.protocol !== "https:" && !LOOPBACK.test(url.hostname))
    findings.push({
      on,
      state: "warning",
      says: `${shown} is not HTTPS: incidents travel in the open`,
      mend,
    });
  if (!webhook.verifiesTls)
    findings.push({
      on,
      state: "warning",
      says: "its certificate is not verified",
      mend: `Enable SSL verification. ${mend}`,
    });
  if (webhook.contentType !== "json")
    findings.push({
      on,
      state: "problem",
      says: `the content type is ${oneLine(webhook.contentType, 40)}, and the server takes JSON only`,
      mend: `Choose application/json. ${mend}`,
    });
  if (url.pathname !== path)
    findings.push({
      on,
      state: "warning",
      says: `${shown} does not end in ${path}; that is right only where a proxy leads there`,
      mend,
    });
  return findings.length > 0 ? findings : [ok(on, shown)];
}

/** Judges the last attempts of GitHub's to deliver, newest first. */
export function examineDeliveries(attempts: readonly AttemptFacts[]): readonly Finding[] {
  const on = "webhook deliveries";
  const [newest] = attempts;
  if (newest === undefined)
    return [
      {
        on,
        state: "warning",
        says: "GitHub has delivered nothing in the last days",
        mend: "Comment on an issue and look again.",
      },
    ];
  const newestOfEach = [...Map.groupBy(attempts, ({ deliveryId }) => deliveryId).values()].flatMap((all) =>
    all.slice(0, 1),
  );
  const failed = newestOfEach.filter((attempt) => !isTaken(attempt));
  const last = `the last one, ${oneLine(newest.event, 40)} at ${newest.at.toISOString()}`;
  if (!isTaken(newest))
    return [
      {
        on,
        state: "problem",
        says: `${last}, failed: ${answerWords(newest)}`,
        mend: mendAnswer(newest.statusCode),
      },
    ];
  if (failed.length === 0)
    return [ok(on, `${last}, was taken, and none of ${newestOfEach.length} in the log failed`)];
  return [
    {
      on,
      state: "warning",
      says: `${last}, was taken, but ${failed.length} of ${newestOfEach.length} in the log were not`,
      mend: "The server asks for them again by itself; where they keep failing, look at what stands before it.",
    },
  ];
}

function isTaken({ statusCode }: AttemptFacts): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function answerWords({ statusCode, status }: AttemptFacts): string {
  return statusCode === 0 ? oneLine(status, 80) : `status ${statusCode}`;
}

function mendAnswer(status: number): string {
  switch (status) {
    case 400:
      return "Choose application/json as the content type of the webhook.";
    case 401:
      return "WEBHOOK_SECRET of the server is not the secret in the App's settings: give both the same one.";
    case 404:
      return "Something else answers at that address: correct the address, or the proxy before the server.";
    case 503:
      return "The server could not store it: look at its log and at /ready.";
    default:
      return "Nobody answers as our server would: look whether it runs and can be reached from GitHub.";
  }
}

function ok(on: string, says: string): Finding {
  return { on, state: "ok", says };
}
