import { beforeEach, expect, test } from "@jest/globals";
import type { ProposeSetup } from "../../../src/app/jobs/job.ts";
import { runOfferSetups } from "../../../src/app/jobs/offer-setups.ts";
import { type ProposeSetupDeps, runProposeSetup } from "../../../src/app/jobs/propose-setup.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import { FakeGitHub } from "../../build/fake-github.ts";
import { type FakeRecords, fakeRecords } from "../../build/fake-records.ts";
import { FakeInstallations } from "../../build/fake-sweeps.ts";
import { AGENT_FILES } from "../../build/snapshots.ts";

const REPO = "acme/support-agent";
const NOW = new Date("2026-11-21T10:00:00Z");
const JOB: ProposeSetup = {
  kind: "propose-setup",
  installationId: 77,
  owner: "acme",
  repo: "support-agent",
  repositoryId: 5,
  occasion: "given",
};
const DECIDED: ProposeSetup = { ...JOB, occasion: "decided" };
const AT_WORK = { isFork: false, isArchived: false, isEmpty: false };

let github: FakeGitHub;
let records: FakeRecords;
let queued: { readonly job: unknown; readonly at: Date | undefined }[];
let installations: FakeInstallations;

beforeEach(() => {
  github = new FakeGitHub();
  records = fakeRecords();
  queued = [];
  installations = new FakeInstallations();
});

function deps(
  change: { readonly perDay?: number; readonly nature?: Partial<typeof AT_WORK> } = {},
): ProposeSetupDeps {
  return {
    connect: async () => github,
    installations,
    queue: {
      async enqueue(job, at) {
        queued.push({ job, at });
        return "queued";
      },
    },
    now: () => NOW,
    setup: {
      records: records.setups,
      perDay: change.perDay ?? 10,
      connectPast: async () => ({
        fetchNature: async () => ({ ...AT_WORK, ...change.nature }),
        fetchMerged: async () => [{ number: 3, paths: ["agent/tools.json"], isWhole: true }],
      }),
      fetchForms: async () => [
        { path: ".github/ISSUE_TEMPLATE/llm-incident.yml", content: "name: incident\n" },
      ],
    },
  };
}

const stateOf = async () => (await records.setups.fetchSetup(REPO))?.state;
const proposals = () => [...github.pullRequestList.values()];

test("a repository with an agent is proposed its configuration once, with what the last pull requests would have run", async () => {
  github.git.commit("main", AGENT_FILES, "olga");
  await runProposeSetup(JOB, deps());
  await runProposeSetup(JOB, deps());
  expect(proposals()).toEqual([
    expect.objectContaining({ head: expect.objectContaining({ branch: "incident-to-eval/setup" }) }),
  ]);
  expect(proposals()[0]?.body).toMatch(/`#\u200b?3` \| tools of `agent`/);
  expect(await stateOf()).toBe("proposed");
});

test("an attempt that died before it was noted leaves one pull request", async () => {
  github.git.commit("main", AGENT_FILES, "olga");
  await runProposeSetup(JOB, deps());
  records.setups.kept.clear();
  await runProposeSetup(JOB, deps());
  expect(proposals()).toHaveLength(1);
  expect(await stateOf()).toBe("proposed");
});

test("closing it is opting out, reopening it is being in again, and merging it is being set up", async () => {
  github.git.commit("main", AGENT_FILES, "olga");
  await runProposeSetup(JOB, deps());
  const [opened] = proposals();
  if (opened === undefined) throw new Error("nothing was proposed");
  const decide = async (state: "open" | "closed") => {
    github.pullRequestList.set(opened.number, { ...opened, state });
    await runProposeSetup(DECIDED, deps());
    return await stateOf();
  };
  expect(await decide("closed")).toBe("declined");
  await runProposeSetup(JOB, deps());
  expect(proposals()).toHaveLength(1);
  expect(await decide("open")).toBe("proposed");
  github.git.commit("main", { [CONFIG_PATH]: "version: 1\n" }, "olga");
  expect(await decide("closed")).toBe("configured");
});

test.each([
  { what: "a fork", files: AGENT_FILES, nature: { isFork: true }, state: "nothing_found" },
  { what: "an archive", files: AGENT_FILES, nature: { isArchived: true }, state: "nothing_found" },
  { what: "an empty repository", files: {}, nature: { isEmpty: true }, state: "nothing_found" },
  {
    what: "a repository without an agent",
    files: { "README.md": "Hello." },
    nature: {},
    state: "nothing_found",
  },
  {
    what: "a repository with a configuration",
    files: { ...AGENT_FILES, [CONFIG_PATH]: "version: 1\n" },
    nature: {},
    state: "configured",
  },
])("$what is proposed nothing", async ({ files, nature, state }) => {
  github.git.commit("main", files, "olga");
  await runProposeSetup(JOB, deps({ nature }));
  expect(proposals()).toEqual([]);
  expect(await stateOf()).toBe(state);
});

test("a repository without a commit is proposed nothing", async () => {
  await runProposeSetup(JOB, deps());
  expect(await stateOf()).toBe("nothing_found");
});

test("an installation is proposed no more in a day than the operator allows; the rest waits for the next", async () => {
  github.git.commit("main", AGENT_FILES, "olga");
  const other = { installationId: 77, state: "declined", pullRequest: 1 } as const;
  await records.setups.saveSetup({
    ...other,
    repo: "acme/one",
    proposedAt: new Date("2026-11-21T08:00:00Z"),
  });
  await records.setups.saveSetup({
    ...other,
    repo: "acme/old",
    proposedAt: new Date("2026-11-19T08:00:00Z"),
  });
  await runProposeSetup(JOB, deps({ perDay: 1 }));
  expect(proposals()).toEqual([]);
  expect(queued).toEqual([{ job: JOB, at: new Date("2026-11-22T10:00:00Z") }]);
  await runProposeSetup(JOB, deps({ perDay: 2 }));
  expect(proposals()).toHaveLength(1);
});

const LISTED = [
  { id: 1, owner: "acme", name: "old", pushedAt: new Date("2020-01-01T00:00:00Z") },
  { id: 2, owner: "acme", name: "fork", isFork: true, pushedAt: NOW },
  { id: 3, owner: "acme", name: "busy", pushedAt: NOW },
];
const OFFER = { kind: "offer-setups", installationId: 77 } as const;

test.each([
  { what: "all of an installation", job: OFFER, perDay: 10, names: ["busy", "old"] },
  { what: "those that were added", job: { ...OFFER, repositoryIds: [1, 2] }, perDay: 10, names: ["old"] },
  { what: "nothing where it is switched off", job: OFFER, perDay: 0, names: [] },
])("$what is considered, what was worked in last first, and no fork", async ({ job, perDay, names }) => {
  installations.repositories.set(77, LISTED);
  await runOfferSetups(job, deps({ perDay }));
  expect(queued.map(({ job: asked }) => asked)).toEqual(
    names.map((repo) => expect.objectContaining({ kind: "propose-setup", repo, occasion: "given" })),
  );
});
