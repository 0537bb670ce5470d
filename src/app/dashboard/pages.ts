import { json, type Page, type PageRequest, type PageResponse } from "../http-page.ts";
import type { KnownSecrets } from "../known-secrets.ts";
import { type Administrator, admit, formToken, isOurForm } from "./admit.ts";
import { answerDiagnosis, type DoctorPage, showDiagnosis } from "./doctor-page.ts";
import type { Operations, Outcome } from "./operations.ts";
import { type DashboardView, renderDashboard } from "./render-dashboard.ts";

const LETTER_PATH = /^\/(?:api\/)?dead-letters\/([A-Za-z0-9._:-]{1,200})\/(retry|dismiss)$/;

/** What is known of the process before it is asked. */
export type ProcessFacts = Pick<DashboardView, "version" | "role" | "startedAt" | "store" | "gitHubUrl">;

/** What the pages of operation are made from. */
export interface DashboardOptions {
  readonly adminToken: string;
  readonly facts: ProcessFacts;
  /** Throws ExternalFailure while the store is not open. */
  readonly operations: () => Operations;
  readonly fetchReasonsNotReady: () => Promise<readonly string[]>;
  readonly secrets: Pick<KnownSecrets, "strip" | "stripJsonText">;
  readonly now: () => Date;
  /** Looks at what the gate rests on; there is no such page where it is left out. */
  readonly examine?: DoctorPage["examine"];
}

/** Makes the pages and actions of operation; whoever does not show the administrator's token is asked for it. */
export function dashboardPages(options: DashboardOptions): readonly Page[] {
  const { adminToken, operations, secrets, examine } = options;
  const behind = (
    method: "GET" | "POST",
    path: string,
    answer: (request: PageRequest, by: Administrator) => Promise<PageResponse>,
  ): Page => ({
    method,
    path,
    async respond(request) {
      const by = admit(request, adminToken);
      return by === undefined ? askWho() : answer(request, by);
    },
  });
  const doctor = examine === undefined ? undefined : { examine, secrets };
  return [
    ...(doctor === undefined
      ? []
      : [
          behind("GET", "/doctor", (request) => showDiagnosis(request, doctor)),
          behind("GET", "/api/doctor", (request) => answerDiagnosis(request, doctor)),
        ]),
    behind("GET", "/", () => showDashboard(options)),
    behind("GET", "/api/dead-letters", () => listLetters(operations(), secrets)),
    behind("POST", "/dead-letters/*", async (request, by) => {
      const form = new URLSearchParams((await request.readText()) ?? "");
      if (!isOurForm(request, form, adminToken))
        return said(403, "This was not sent from our page: load it again.");
      const outcome = await carryOut(request, by, operations());
      return outcome.kind === "done"
        ? { status: 303, headers: { location: "/" }, body: "" }
        : said(409, words(outcome));
    }),
    behind("POST", "/api/dead-letters/*", async (request, by) => {
      // A browser shows the token along with whatever any page posts here; a program shows it where it means to.
      if (by.how !== "program") return json(403, { error: "send the token as `Authorization: Bearer`" });
      const outcome = await carryOut(request, by, operations());
      if (outcome.kind === "done") return json(200, { status: "done" });
      return json(outcome.kind === "unknown" ? 404 : 409, { error: words(outcome) });
    }),
  ];
}

async function showDashboard(options: DashboardOptions): Promise<PageResponse> {
  const { adminToken, facts, operations, secrets, now } = options;
  const { fetchFigures, fetchLogin, fetchLetters } = operations();
  const [figures, login, { letters, total }, reasonsNotReady] = await Promise.all([
    fetchFigures(),
    fetchLogin(),
    fetchLetters(),
    options.fetchReasonsNotReady(),
  ]);
  const page = renderDashboard({
    ...facts,
    now: now(),
    login,
    reasonsNotReady,
    figures,
    // Before it is made into a page: what people read must hold no secret, and the page's own token stays.
    letters: letters.map((letter) => ({
      ...letter,
      place: secrets.strip(letter.place),
      because: secrets.strip(letter.because),
    })),
    lettersTotal: total,
    formToken: formToken(adminToken),
  });
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: page };
}

async function listLetters(
  { fetchLetters }: Operations,
  { stripJsonText }: Pick<KnownSecrets, "stripJsonText">,
): Promise<PageResponse> {
  const { letters, total } = await fetchLetters();
  const page = json(200, {
    total,
    deadLetters: letters.map(({ id, kind, place, because, attempts, at }) => ({
      id,
      kind,
      place,
      because,
      attempts,
      at,
    })),
  });
  return { ...page, body: stripJsonText(page.body) };
}

async function carryOut(
  { url }: PageRequest,
  by: Administrator,
  { retry, dismiss }: Operations,
): Promise<Outcome> {
  const [, id, action] = LETTER_PATH.exec(url.pathname) ?? [];
  if (id === undefined) return { kind: "unknown" };
  return action === "retry" ? retry(id, by) : dismiss(id, by);
}

function words(outcome: Exclude<Outcome, { kind: "done" }>): string {
  return outcome.kind === "unknown"
    ? "There is no such thing on the list: somebody may have been faster."
    : "An older version kept this job in a form that this one does not read; ask for it again on GitHub.";
}

function askWho(): PageResponse {
  return {
    ...said(401, "The password is the ADMIN_TOKEN of this server; the name is yours to choose."),
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "www-authenticate": 'Basic realm="incident-to-eval", charset="UTF-8"',
    },
    // A body that nobody reads would be taken for the next request of the connection.
    close: true,
  };
}

function said(status: number, text: string): PageResponse {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}
