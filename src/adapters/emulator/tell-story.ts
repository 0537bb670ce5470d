import { CHECK_NAMES } from "../../core/report/check-run.ts";
import type { Demonstration, Story } from "./demonstration.ts";
import type { GithubEmulator } from "./github-emulator.ts";
import { answerOn, completedCheck } from "./observe.ts";
import { fileIncident, type Person, personOf, proposeChange, tryMerge } from "./people.ts";

const POLL_MS = 200;
const WAIT_MS_MAX = 120_000;
/** Filing the incident and proposing the fixture come first. */
const FIRST_CHANGE_STEP = 3;

/** What happened in the demonstration, in the order in which people see it. */
export type StoryEvent =
  | { readonly kind: "incident_filed"; readonly issue: number; readonly title: string; readonly by: string }
  | { readonly kind: "answered"; readonly issue: number }
  | {
      readonly kind: "fixture_proposed";
      readonly pullRequest: number;
      readonly title: string;
      readonly reproduction: string;
    }
  | {
      readonly kind: "pull_request_opened";
      readonly step: number;
      readonly pullRequest: number;
      readonly title: string;
      readonly by: string;
    }
  | {
      readonly kind: "checked";
      readonly pullRequest: number;
      readonly name: string;
      readonly conclusion: string;
      readonly title: string;
    }
  | { readonly kind: "merged"; readonly pullRequest: number; readonly by: string }
  | { readonly kind: "refused"; readonly pullRequest: number; readonly because: string };

/** Plays the people of the demonstration against a running app, and tells each thing as it happens. */
export async function tellStory(
  emulator: GithubEmulator,
  demonstration: Demonstration,
  tell: (event: StoryEvent) => void,
): Promise<void> {
  const { story } = demonstration;
  const owner = personOf(emulator, emulator.ownerLogin);
  const author = personOf(emulator, story.incident.by);
  const { title, label, by } = story.incident;
  const issue = await fileIncident(emulator, author, { title, label, body: demonstration.incidentBody });
  tell({ kind: "incident_filed", issue, title, by });

  const fixture = await waitFor("the pull request with the fixture", () =>
    fixtureProposal(emulator, owner, issue),
  );
  await waitFor("the answer on the incident", () => answerOn(emulator, owner, issue));
  tell({ kind: "fixture_proposed", ...fixture });
  tell({ kind: "answered", issue });
  await checkAndMerge(emulator, owner, fixture.pullRequest, tell);

  for (const [index, change] of story.pull_requests.entries()) {
    await playChange(emulator, demonstration, { ...change, step: FIRST_CHANGE_STEP + index }, tell);
  }
}

async function playChange(
  emulator: GithubEmulator,
  { changes }: Demonstration,
  change: Story["pull_requests"][number] & { readonly step: number },
  tell: (event: StoryEvent) => void,
): Promise<void> {
  const person = personOf(emulator, change.by);
  const { branch, title, body } = change;
  const opened = await proposeChange(emulator, person, {
    branch,
    title,
    body,
    files: changes.get(change.id) ?? {},
  });
  tell({ kind: "pull_request_opened", step: change.step, pullRequest: opened.number, title, by: change.by });
  await checkAndMerge(emulator, person, opened.number, tell);
}

async function checkAndMerge(
  emulator: GithubEmulator,
  person: Person,
  pullRequest: number,
  tell: (event: StoryEvent) => void,
): Promise<void> {
  for (const name of Object.values(CHECK_NAMES)) {
    const check = await waitFor(`the check ${name} on #${pullRequest}`, () =>
      completedCheck(emulator, person, pullRequest, name),
    );
    tell({ kind: "checked", pullRequest, name, ...check });
  }
  const merge = await tryMerge(emulator, person, pullRequest);
  if (merge.kind === "merged") tell({ kind: "merged", pullRequest, by: person.login });
  else tell({ kind: "refused", pullRequest, because: merge.because });
}

async function fixtureProposal({ repository }: GithubEmulator, { octokit }: Person, issue: number) {
  const at = { owner: repository.owner, repo: repository.name };
  const { data } = await octokit.rest.pulls.list({ ...at, state: "open" });
  const found = data.find((pull) => pull.head.ref === `incident-to-eval/issue-${issue}`);
  if (found === undefined) return undefined;
  const reproduction = /(?:reproduces|flaky|does not reproduce) \d+\/\d+/.exec(found.body ?? "")?.[0] ?? "";
  return { pullRequest: found.number, title: found.title, reproduction };
}

async function waitFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + WAIT_MS_MAX;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`waited ${WAIT_MS_MAX / 1_000} s for ${what}, and it did not come`);
}
