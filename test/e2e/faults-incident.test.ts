import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  befallEach,
  FAULT_NAMES,
  FAULT_RATE,
  FAULT_SEEDS,
  FAULT_TEST_MS,
  FAULT_WAITS,
  FAULTS_BY_CHANCE,
  LIMITS,
  patiently,
  type When,
  whereOf,
} from "../build/befall-each.ts";
import { randomFaults } from "../build/faults.ts";
import type { Request } from "../build/github-front/exchange.ts";
import { placeOf, startHelpDesk } from "../build/help-desk.ts";
import { type IncidentRoom, incidentRoom } from "../build/incident-room.ts";
import type { RunningApp } from "../build/running-app.ts";

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
    await patiently(app, async () => (await room.comments(issue)).length > 0 && left().length === 0);
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
    app = await startHelpDesk({ waits: FAULT_WAITS, environment: { ANTHROPIC_API_KEY: undefined } });
    room = incidentRoom(app);
    for (const fault of FAULT_NAMES)
      await file(fault, (issue) => befallEach(app.front, pointsOf(issue), [fault]));
  }, FAULT_TEST_MS);
  afterAll(() => app.stop());

  test.each(FAULT_NAMES)(
    "when the comment, the branch, the pull request and each read meet: %s",
    async (fault) => {
      await expectOneProposal(fault);
    },
    FAULT_TEST_MS,
  );

  test(
    "when GitHub limits our rate in every way",
    async () => {
      await file("limits", (issue) => befallEach(app.front, pointsOf(issue), LIMITS));
      await expectOneProposal("limits");
    },
    FAULT_TEST_MS,
  );

  test.each(FAULT_SEEDS)(
    "when everything goes wrong by chance, seed %i",
    async (seed) => {
      const end = app.front.inject(randomFaults({ seed, rate: FAULT_RATE, among: FAULTS_BY_CHANCE }));
      await file(`seed ${seed}`, () => () => []);
      await expectOneProposal(`seed ${seed}`);
      end();
    },
    FAULT_TEST_MS,
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
