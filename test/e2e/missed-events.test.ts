import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Database, openDatabase } from "../../src/adapters/postgres/open-database.ts";
import { type IncidentRoom, incidentRoom } from "../build/incident-room.ts";
import { type RunningApp, startApp } from "../build/running-app.ts";
import { CAREFUL_PROMPT, travelFiles, travelScript } from "../build/travel-agent.ts";

const INCIDENT = `### What you asked

Move my trip TRV-1 by a day.

### Actual behavior

It moved the booking without asking.

### Expected behavior

It must ask the traveller for consent before it changes the booking.

### Failure mode

skipped approval
`;
const HELP = "/incident-to-eval help";
const MINUTE_MS = 60_000;

let app: RunningApp;
let room: IncidentRoom;
let place: { readonly kind: "directory"; readonly path: string };

beforeAll(async () => {
  place = { kind: "directory", path: await mkdtemp(join(tmpdir(), "incident-to-eval-missed-")) };
  app = await startApp({ files: travelFiles(), script: travelScript(), place });
  room = incidentRoom(app);
}, 60_000);

afterAll(async () => {
  await app.stop();
  await rm(place.path, { recursive: true });
});

/** Lets GitHub's log say that its attempts of now were made a while ago. */
function letTimePass(): void {
  for (const attempt of app.github.hooks.attempts())
    Object.assign(attempt, { deliveredAt: new Date(Date.now() - 2 * MINUTE_MS).toISOString() });
}

/** Opens the store while the app is away. */
async function inStore<T>(look: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(place);
  try {
    return await look(database);
  } finally {
    await database.close();
  }
}

const attemptsOf = (guid: string) => app.github.hooks.attempts().filter((attempt) => attempt.guid === guid);

/** Has a person ask for help on an issue, and waits until GitHub has tried to tell the app. */
async function askForHelp(issue: number): Promise<string> {
  await room.say(issue, HELP, "tom");
  const { guid } = await app.eventually("attempt to tell of a comment", async () =>
    app.github.hooks.attempts().find(({ event, body }) => {
      if (event !== "issue_comment") return false;
      const told = JSON.parse(body);
      return told.comment.body === HELP && told.issue.number === issue;
    }),
  );
  return guid;
}

/** Waits until we have said so many things on an issue. */
const commentsOn = (issue: number, count: number) =>
  app.eventually(`${count} comments on #${issue}`, async () =>
    (await room.comments(issue)).length === count ? true : undefined,
  );

test("what happened while the app was away, and what was lost after it was answered, is found once it is back", async () => {
  const heard = await app.incident("Something failed.", "otto");
  const lost = await askForHelp(heard);
  await commentsOn(heard, 2);
  const taken = app.github.hooks.attempts().map(({ guid }) => guid);

  const missed = await app.whileAway(async () => {
    await inStore(({ kysely }) => kysely.deleteFrom("deliveries").where("id", "=", lost).execute());
    const issue = await app.incident(INCIDENT);
    const { sha } = await app.pullRequest("careful", { "concierge/prompt.md": CAREFUL_PROMPT });
    const command = await askForHelp(issue);
    letTimePass();
    return { issue, sha, command };
  });
  // The incident and the pull request are found as they stand; a command is known to GitHub's log alone.
  expect(await app.answer(missed.issue)).toContain("fixture drafted");
  expect(await app.check(missed.sha)).toMatchObject({ conclusion: "success" });
  await commentsOn(missed.issue, 2);
  await app.eventually("second attempt at what was lost", async () => attemptsOf(lost)[1]);
  await room.quiet();
  expect(taken.filter((guid) => attemptsOf(guid).length > 1)).toEqual([lost]);
  expect(attemptsOf(missed.command).map(({ redelivery }) => redelivery)).toEqual([true, false]);
  expect(await room.comments(heard)).toHaveLength(2);
  expect(await room.comments(missed.issue)).toHaveLength(2);
  expect(await room.drafts(missed.issue)).toHaveLength(1);
  expect(await app.checks(missed.sha)).toHaveLength(1);
}, 60_000);

test("a repository that got another name while the app was away keeps its answers, and gives new ones", async () => {
  const settled = await app.incident(INCIDENT, "otto");
  const answer = await app.answer(settled);
  const issue = await app.whileAway(async () => {
    const filed = await app.incident("The agent moved the wrong booking.");
    await app.github.events.renameRepository("concierge-agent");
    return filed;
  });
  await app.answer(issue);
  await room.quiet();
  expect(await room.comments(issue)).toHaveLength(1);
  expect(await room.comments(settled)).toEqual([answer]);
  // Nothing had to fail first so that a later sweep could find it.
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  expect(metrics).toContain("incident_to_eval_store_readable 1");
  expect(metrics).not.toMatch(/^incident_to_eval_dead_letters\{/m);
}, 60_000);
