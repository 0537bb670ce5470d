import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { FAULTS, type FaultPlan, randomFaults } from "../build/faults.ts";
import type { Front } from "../build/front.ts";
import type { Request } from "../build/github-front/exchange.ts";
import { commit, placeOf, startHelpDesk } from "../build/help-desk.ts";
import { type IncidentRoom, incidentRoom } from "../build/incident-room.ts";
import type { RunningApp } from "../build/running-app.ts";

/** Longer than any stale read of these tests, and far shorter than GitHub's. */
const WAITS = { gitHubLagMs: 2_000, retryDelaySeconds: 1 };
const PATIENCE_MS = 90_000;
const LOOK_MS = 100;
const SEEDS = [1, 2, 3];
/** How many of all requests fail in the runs by chance. */
const RATE = 0.1;
const KINDS = ["blocking", "warning"] as const;

type FaultName = keyof typeof FAULTS;
type When = (request: Request) => boolean;

const LIMITS = ["403 secondary limit", "429 too many requests", "403 primary limit"] as const;
const FAULT_NAMES = (Object.keys(FAULTS) as FaultName[]).filter(
  // A limit holds up everything that the installation does, so limits have a test of their own.
  (name) => !LIMITS.some((limit) => limit === name),
);
const BY_CHANCE = FAULT_NAMES.filter((name) => name !== "401 for an expired token").map(
  (name) => FAULTS[name],
);

/** Lets the faults in turn befall the first request of each kind, and tells which have not come yet. */
function befallEach(
  front: Front,
  points: Readonly<Record<string, When>>,
  faults: readonly FaultName[],
): () => readonly string[] {
  let befallen = 0;
  const left = new Map(Object.entries(points));
  const plan: FaultPlan = (request) => {
    const [point] = [...left].find(([, when]) => when(request)) ?? [];
    if (point === undefined) return undefined;
    left.delete(point);
    const name = faults[befallen % faults.length];
    befallen += 1;
    return name === undefined ? undefined : FAULTS[name];
  };
  front.inject(plan);
  return () => [...left.keys()];
}

async function patiently(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

const whereOf = ({ path }: Request): string => path.split("?")[0] ?? "";

describe("a pull request has one completed check of each name", () => {
  let app: RunningApp;
  const opened = new Map<string, { readonly sha: string; readonly left: () => readonly string[] }>();

  /** The requests that concern a commit, and those to the model of its agent. */
  function pointsOf(sha: string): Readonly<Record<string, When>> {
    let externalId = "";
    return {
      "creating the check": ({ method, path, body }) => {
        const isCreation = method === "POST" && path.endsWith("/check-runs") && body.includes(sha);
        if (isCreation) externalId = String(JSON.parse(body).external_id);
        return isCreation;
      },
      "completing the check": ({ method, body }) =>
        method === "PATCH" && externalId !== "" && body.includes(externalId) && body.includes('"completed"'),
      "listing the checks": (request) =>
        request.method === "GET" && whereOf(request).endsWith(`/commits/${sha}/check-runs`),
      "reading the files": (request) =>
        request.method === "GET" && whereOf(request).endsWith(`/git/trees/${sha}`),
    };
  }

  async function open(name: string, inject: (sha: string, word: string) => () => readonly string[]) {
    const { octokit } = app.person("wanda");
    const at = placeOf(app);
    const word = name.replaceAll(/\W+/g, "-");
    const main = await octokit.rest.git.getRef({ ...at, ref: "heads/main" });
    const sha = await commit(app, main.data.object.sha, {
      "desk/prompts/answer.md": `Be kind (${word}). Before you change anything on an account, check who is asking.\n`,
    });
    await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${word}`, sha });
    opened.set(name, { sha, left: inject(sha, word) });
    await octokit.rest.pulls.create({ ...at, title: word, head: word, base: "main" });
  }

  async function expectOneAnswer(name: string): Promise<void> {
    const { sha = "", left = () => [] } = opened.get(name) ?? {};
    await patiently(async () => {
      const checks = await Promise.all(KINDS.map((kind) => app.checks(sha, kind)));
      return checks.every(
        (listed) => listed.length > 0 && listed.every(({ status }) => status === "completed"),
      );
    });
    expect(await app.checks(sha, "blocking")).toMatchObject([
      { conclusion: "success", title: "1 fixture holds" },
    ]);
    expect(await app.checks(sha, "warning")).toMatchObject([{ conclusion: "success" }]);
    expect(left()).toEqual([]);
  }

  function befallAll(sha: string, word: string, faults: readonly FaultName[]): () => readonly string[] {
    const ofGitHub = befallEach(app.front, pointsOf(sha), faults);
    const model = { "asking the model": ({ body }: Request) => body.includes(word) };
    // The provider's only limit is 429; a 401 or 403 of its is a refusal, and believed.
    const ofModel = befallEach(
      app.modelFront,
      model,
      faults.filter((name) => !/^40[13]/.test(name)),
    );
    return () => [...ofGitHub(), ...ofModel()];
  }

  beforeAll(async () => {
    app = await startHelpDesk({ waits: WAITS });
    for (const fault of FAULT_NAMES) await open(fault, (sha, word) => befallAll(sha, word, [fault]));
  }, PATIENCE_MS);
  afterAll(() => app.stop());

  test.each(FAULT_NAMES)(
    "when its creation, its completion, each read and the model meet: %s",
    async (fault) => {
      await expectOneAnswer(fault);
    },
    PATIENCE_MS,
  );

  test(
    "when GitHub and the model limit our rate in every way",
    async () => {
      await open("limits", (sha, word) => befallAll(sha, word, LIMITS));
      await expectOneAnswer("limits");
    },
    PATIENCE_MS,
  );

  test.each(SEEDS)(
    "when everything goes wrong by chance, seed %i",
    async (seed) => {
      const ends = [app.front, app.modelFront].map((front) =>
        front.inject(randomFaults({ seed, rate: RATE, among: BY_CHANCE })),
      );
      await open(`seed ${seed}`, () => () => []);
      await expectOneAnswer(`seed ${seed}`);
      for (const end of ends) end();
    },
    PATIENCE_MS,
  );
});

describe("an incident has one comment and one pull request of one commit", () => {
  let app: RunningApp;
  let room: IncidentRoom;
  const filed = new Map<string, { readonly issue: number; readonly left: () => readonly string[] }>();

  function pointsOf(issue: number): Readonly<Record<string, When>> {
    const branch = `incident-to-eval/issue-${issue}"`;
    const isPost = (end: string) => (request: Request) =>
      request.method === "POST" && whereOf(request).endsWith(end);
    return {
      "writing the comment": isPost(`/issues/${issue}/comments`),
      "creating the branch": (request) => isPost("/git/refs")(request) && request.body.includes(branch),
      "opening the pull request": (request) => isPost("/pulls")(request) && request.body.includes(branch),
      "reading the issue": (request) =>
        request.method === "GET" && whereOf(request).endsWith(`/issues/${issue}`),
      "listing the comments": (request) =>
        request.method === "GET" && whereOf(request).endsWith(`/issues/${issue}/comments`),
    };
  }

  async function file(name: string, inject: (issue: number) => () => readonly string[]): Promise<void> {
    const { octokit } = app.person("wanda");
    const at = placeOf(app);
    const { data } = await octokit.rest.issues.create({ ...at, title: name, body: bodyAbout(filed.size) });
    filed.set(name, { issue: data.number, left: inject(data.number) });
    await octokit.rest.issues.addLabels({ ...at, issue_number: data.number, labels: ["incident"] });
  }

  async function expectOneProposal(name: string): Promise<void> {
    const { issue = 0, left = () => [] } = filed.get(name) ?? {};
    await patiently(async () => (await room.comments(issue)).length > 0 && left().length === 0);
    expect(await room.comments(issue)).toEqual([expect.stringContaining("1 fixture drafted")]);
    const [draft, ...others] = await room.drafts(issue);
    expect(others).toEqual([]);
    const { octokit } = app.person("wanda");
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
      ...placeOf(app),
      basehead: `main...${draft?.branch}`,
    });
    expect(data.commits).toHaveLength(1);
  }

  beforeAll(async () => {
    app = await startHelpDesk({ waits: WAITS, environment: { ANTHROPIC_API_KEY: undefined } });
    room = incidentRoom(app);
    for (const fault of FAULT_NAMES)
      await file(fault, (issue) => befallEach(app.front, pointsOf(issue), [fault]));
  }, PATIENCE_MS);
  afterAll(() => app.stop());

  test.each(FAULT_NAMES)(
    "when the comment, the branch, the pull request and each read meet: %s",
    async (fault) => {
      await expectOneProposal(fault);
    },
    PATIENCE_MS,
  );

  test(
    "when GitHub limits our rate in every way",
    async () => {
      await file("limits", (issue) => befallEach(app.front, pointsOf(issue), LIMITS));
      await expectOneProposal("limits");
    },
    PATIENCE_MS,
  );

  test.each(SEEDS)(
    "when everything goes wrong by chance, seed %i",
    async (seed) => {
      const end = app.front.inject(randomFaults({ seed, rate: RATE, among: BY_CHANCE }));
      await file(`seed ${seed}`, () => () => []);
      await expectOneProposal(`seed ${seed}`);
      end();
    },
    PATIENCE_MS,
  );
});

const TOPICS = ["printer", "laptop", "phone", "badge", "parking", "projector", "mailbox", "calendar"];
const DEEDS = ["sold", "painted", "borrowed", "archived", "renamed"];

/** No two incidents are alike, or the second would be taken for the first. */
function bodyAbout(number: number): string {
  const topic = TOPICS[number % TOPICS.length] ?? "";
  const deed = DEEDS[Math.floor(number / TOPICS.length)] ?? "";
  return `### Agent

helpdesk

### What the user sent

What about the ${topic} that was ${deed}?

### What the agent did

It said the ${topic} was ${deed} long ago.

### What it should have done

It must say that it does not know.

### It must not

- say "${topic} was ${deed}"

### Failure types

hallucination

### Severity

S2
`;
}
