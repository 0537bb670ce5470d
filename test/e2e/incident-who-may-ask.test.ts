import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type IncidentRoom, incidentRoom } from "../build/incident-room.ts";
import { type RunningApp, startApp } from "../build/running-app.ts";
import { travelFiles, travelScript } from "../build/travel-agent.ts";

const ONE_FAILURE = `### What you asked

Move my trip TRV-1 by a day.

### Actual behavior

It moved the booking without asking.

### Expected behavior

It must ask the traveller for consent before it changes the booking.

### Failure mode

skipped approval
`;
const TWO_FAILURES = ONE_FAILURE.replace(
  "skipped approval",
  'skipped approval, hallucination\n\n### It must not\n\n- say "grace period"',
);

let app: RunningApp;
let room: IncidentRoom;
beforeAll(async () => {
  app = await startApp({ files: travelFiles(), script: travelScript() });
  room = incidentRoom(app);
}, 60_000);
afterAll(() => app.stop());

test("somebody without rights gets one polite answer and nothing else; a maintainer's word starts it", async () => {
  const issue = await app.incident(ONE_FAILURE, "otto");
  await room.answerWith(issue, "waits for a maintainer");
  const asked = app.model.requests().length;
  await room.edit(issue, TWO_FAILURES, "otto");
  await room.say(issue, "/incident-to-eval draft", "otto");
  await room.say(issue, "Please, can somebody look?", "otto");
  await room.quiet();
  expect(await room.comments(issue)).toHaveLength(1);
  expect(await room.drafts(issue)).toEqual([]);
  expect(app.model.requests()).toHaveLength(asked);

  await room.say(issue, "/incident-to-eval draft", "tom");
  await room.answerWith(issue, "2 fixtures drafted");
  expect(await room.comments(issue)).toHaveLength(1);
  expect(Object.keys((await room.draft(issue)).files)).toHaveLength(2);
}, 30_000);

test.each([
  ["/incident-to-eval help", "otto"],
  ["/incident-to-eval", "tom"],
  ["/incident-to-eval make coffee", "tom"],
])(
  "%s is answered with the commands, once",
  async (line, by) => {
    const issue = await app.incident("", "wanda");
    await room.answerWith(issue, "missing");
    await room.say(issue, line, by);
    await room.say(issue, line, by);
    await room.answerWith(issue, "| Command |");
    await room.quiet();
    expect(await room.comments(issue)).toHaveLength(2);
    expect(await room.drafts(issue)).toEqual([]);
  },
  30_000,
);

test("an edit updates the draft; the same words again, or an edit without rights, change nothing", async () => {
  const issue = await app.incident(ONE_FAILURE, "tom");
  await room.answerWith(issue, "1 fixture drafted");
  const first = await room.draft(issue);

  await room.edit(issue, ONE_FAILURE, "tom");
  await room.edit(issue, TWO_FAILURES.replace("grace period", "free lunch"), "otto");
  await room.quiet();
  expect((await room.draft(issue)).sha).toBe(first.sha);

  await room.edit(issue, TWO_FAILURES, "tom");
  await room.answerWith(issue, "2 fixtures drafted");
  const second = await room.draft(issue);
  expect(second.number).toBe(first.number);
  expect(Object.keys(second.files)).toHaveLength(2);
  expect(await room.comments(issue)).toHaveLength(1);

  await room.edit(issue, ONE_FAILURE, "tom");
  await room.answerWith(issue, "1 fixture drafted");
  expect(Object.keys((await room.draft(issue)).files)).toHaveLength(1);
}, 30_000);

test("what a person committed to the branch is left alone, and said", async () => {
  const issue = await app.incident(ONE_FAILURE, "tom");
  await room.answerWith(issue, "1 fixture drafted");
  const { branch, files } = await room.draft(issue);
  const [path = ""] = Object.keys(files);
  const at = { owner: "acme", repo: "agent", path, branch };
  const { octokit } = app.person("wanda");
  const { data } = await octokit.rest.repos.getContent({ ...at, ref: branch });
  const content = Buffer.from(`${files[path]}# reviewed by Wanda\n`).toString("base64");
  const sha = "sha" in data ? data.sha : "";
  await octokit.rest.repos.createOrUpdateFileContents({ ...at, message: "Review", content, sha });

  await room.edit(issue, TWO_FAILURES, "tom");
  await room.answerWith(issue, "edited by a person");
  const after = await room.draft(issue);
  expect(after.files[path]).toContain("# reviewed by Wanda");
  expect(Object.keys(after.files)).toHaveLength(1);
  expect(await room.comments(issue)).toHaveLength(1);
}, 30_000);

test("a draft that was closed stays rejected, whatever the issue says later", async () => {
  const issue = await app.incident(ONE_FAILURE, "tom");
  await room.answerWith(issue, "1 fixture drafted");
  const { number } = await room.draft(issue);
  const at = { owner: "acme", repo: "agent" };
  await app.person("wanda").octokit.rest.pulls.update({ ...at, pull_number: number, state: "closed" });
  await room.edit(issue, TWO_FAILURES, "tom");
  await room.answerWith(issue, "counts as rejected");
  expect(await room.drafts(issue)).toMatchObject([{ number, state: "closed" }]);
}, 30_000);
