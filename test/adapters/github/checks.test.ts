import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { githubChecks } from "../../../src/adapters/github/checks.ts";
import { aCheckRun, anAnnotation } from "../../build/proposals.ts";
import { APP_ID, AT, recordedAccess, recordedGitHub } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

const SHA = "a".repeat(40);
const BLOCKING = "incident-to-eval / blocking";

interface SentCheck {
  readonly name: string;
  readonly head_sha?: string;
  readonly details_url?: string;
  readonly actions?: readonly object[];
  readonly output: {
    readonly title: string;
    readonly summary: string;
    readonly text?: string;
    readonly annotations?: readonly object[];
  };
}

function aListedRun(change: object = {}) {
  return {
    id: 1,
    name: BLOCKING,
    external_id: "run-1",
    status: "in_progress",
    app: { id: APP_ID },
    ...change,
  };
}

function answerList(runs: readonly object[], page = 1, headers: Record<string, string> = {}) {
  recordedGitHub()
    .get(`${AT}/commits/${SHA}/check-runs`)
    .query((query) => query.filter === "all" && query.page === String(page))
    .reply(200, { total_count: runs.length, check_runs: runs }, headers);
}

function hearCreate(id = 5): SentCheck[] {
  const heard: SentCheck[] = [];
  recordedGitHub()
    .post(`${AT}/check-runs`, (sent) => heard.push(sent) > 0)
    .reply(201, { id, output: { annotations_count: 0 } });
  return heard;
}

function hearUpdates(id: number, times: number): SentCheck[] {
  const heard: SentCheck[] = [];
  recordedGitHub()
    .patch(`${AT}/check-runs/${id}`, (sent) => heard.push(sent) > 0)
    .times(times)
    .reply(200, { id });
  return heard;
}

function annotations(count: number) {
  return Array.from({ length: count }, (_, index) =>
    anAnnotation({ startLine: index + 1, endLine: index + 1 }),
  );
}

function answerStanding(id: number, ...counts: readonly number[]) {
  for (const count of counts) {
    recordedGitHub()
      .get(`${AT}/check-runs/${id}`)
      .reply(200, { id, output: { annotations_count: count } });
  }
}

test("annotations go in portions of fifty", async () => {
  answerList([]);
  const created = hearCreate(5);
  answerStanding(5, 0, 50, 100);
  const updated = hearUpdates(5, 3);
  await githubChecks(recordedAccess()).openCheck(aCheckRun(SHA, { annotations: annotations(120) }));
  expect(created.map((sent) => sent.output.annotations)).toEqual([undefined]);
  expect(updated.map((sent) => sent.output.annotations?.length)).toEqual([50, 50, 20]);
});

test("an update that is repeated sends only the annotations that do not stand yet", async () => {
  answerStanding(5, 50, 50);
  const updated = hearUpdates(5, 1);
  await githubChecks(recordedAccess()).updateCheck(5, aCheckRun(SHA, { annotations: annotations(60) }));
  expect(updated[0]?.output.annotations).toHaveLength(10);
  expect(updated[0]?.output.annotations?.[0]).toMatchObject({ start_line: 51 });
});

test("annotations that were sent are not looked for again: the update says the rest", async () => {
  const checks = githubChecks(recordedAccess());
  answerStanding(5, 0);
  const updated = hearUpdates(5, 2);
  const check = aCheckRun(SHA, { annotations: annotations(3) });
  await checks.updateCheck(5, check);
  await checks.updateCheck(5, { ...check, title: "Told anew" });
  expect(updated.map(({ output }) => [output.title, output.annotations?.length])).toEqual([
    [check.title, 3],
    ["Told anew", undefined],
  ]);
});

test("a check run that GitHub does not show yet gets its annotations", async () => {
  recordedGitHub().get(`${AT}/check-runs/5`).reply(404, { message: "Not Found" });
  const updated = hearUpdates(5, 1);
  await githubChecks(recordedAccess()).updateCheck(5, aCheckRun(SHA, { annotations: annotations(1) }));
  expect(updated[0]?.output.annotations).toHaveLength(1);
});

test("nothing is longer than GitHub takes, and what is missing is said", async () => {
  answerList([]);
  hearCreate(5);
  answerStanding(5, 0);
  const updated = hearUpdates(5, 1);
  await githubChecks(recordedAccess()).openCheck(
    aCheckRun(SHA, {
      title: "t".repeat(300),
      summary: "✓".repeat(40_000),
      text: "x".repeat(70_000),
      annotations: [anAnnotation({ startLine: 0, endLine: -3, title: "t".repeat(300) })],
      actions: Array.from({ length: 4 }, (_, index) => ({
        id: `a${index}`,
        label: "A label that is far too long",
        description: "Runs all of the fixtures again, on the same commit",
      })),
    }),
  );
  const [sent] = updated;
  const bytes = (text = "") => Buffer.byteLength(text);
  expect(bytes(sent?.output.title)).toBeLessThanOrEqual(255);
  expect(bytes(sent?.output.summary)).toBeLessThanOrEqual(65_535);
  expect(sent?.output.summary).toMatch(/^✓+\n\n_Cut here: GitHub takes no more\._$/);
  expect(bytes(sent?.output.text)).toBe(65_535);
  expect(sent?.output.annotations?.[0]).toMatchObject({ start_line: 1, end_line: 1 });
  expect(sent?.actions).toHaveLength(3);
  expect(sent?.actions?.[0]).toEqual({
    identifier: "a0",
    label: "A label that is f…",
    description: "Runs all of the fixtures again, on th…",
  });
});

test("without buttons or a public address neither is sent", async () => {
  answerList([]);
  const created = hearCreate();
  await githubChecks(recordedAccess()).openCheck(aCheckRun(SHA));
  expect(created[0]).not.toHaveProperty("actions");
  expect(created[0]).not.toHaveProperty("details_url");
  expect(created[0]).toMatchObject({ head_sha: SHA, external_id: "run-1", status: "in_progress" });
});

test("a run with the same name, commit and external id is updated in place", async () => {
  answerList([aListedRun({ id: 8 }), aListedRun({ id: 9, external_id: "run-0" })]);
  const updated = hearUpdates(8, 1);
  expect(await githubChecks(recordedAccess()).openCheck(aCheckRun(SHA))).toBe(8);
  expect(updated).toHaveLength(1);
});

test.each([
  { called: "another app's run under our name", run: { app: { id: 15_368 } }, ours: false },
  { called: "a run of ours", run: {}, ours: true },
  { called: "a run without an app but with our name and pointer", run: { app: null }, ours: true },
  { called: "a run without an app and without a pointer", run: { app: null, external_id: "" }, ours: false },
  { called: "a run without an app under another name", run: { app: null, name: "build" }, ours: false },
])("$called is taken for the one to update: $ours", async ({ run, ours }) => {
  answerList([aListedRun({ id: 8, ...run })]);
  const [heard] = ours ? [hearUpdates(8, 1)] : [hearCreate()];
  await githubChecks(recordedAccess()).openCheck(aCheckRun(SHA));
  expect(heard).toHaveLength(1);
});

test("the run to update is looked for on all pages", async () => {
  const next = `<https://api.github.test${AT}/commits/${SHA}/check-runs?page=2>; rel="next"`;
  answerList([aListedRun({ id: 3, external_id: "run-0" })], 1, { link: next });
  answerList([aListedRun({ id: 4 })], 2, { link: next.replace("next", "prev") });
  hearUpdates(4, 1);
  expect(await githubChecks(recordedAccess()).openCheck(aCheckRun(SHA))).toBe(4);
});
