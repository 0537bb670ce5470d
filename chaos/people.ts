import { setTimeout as sleep } from "node:timers/promises";
import type { Files } from "../src/adapters/emulator/read-folder.ts";
import { CAREFUL, incidentBody, PROMPT, wordOf } from "./agent-repository.ts";
import type { Random } from "./random.ts";
import { AT, type World } from "./world.ts";

const PAUSE_MS_MIN = 50;
const LABEL = "incident";

/** What the blocking check of a head must say. */
export type Answer = "success" | "failure";

/** A commit that was the head of a pull request, and what it deserves. */
export interface Head {
  readonly sha: string;
  readonly answer: Answer;
}

/** A pull request of people. */
export interface OpenedPull {
  readonly number: number;
  readonly branch: string;
  /** Newest last. */
  readonly heads: Head[];
  state: "open" | "closed";
  /** How often somebody asked for another run. */
  reruns: number;
}

/** Everything that people did, as it must be found again. */
export interface Deeds {
  /** The word that each incident is about now, by its number. */
  readonly incidents: Map<number, string>;
  readonly pulls: OpenedPull[];
  /** How much was done. */
  count: number;
}

/** What people can do; each is skipped where there is nothing to do it to. */
type Deed = (world: World, deeds: Deeds, random: Random) => Promise<void>;

/** How often each is done, by how often it stands here. */
const DEEDS: readonly [Deed, ...Deed[]] = [
  fileIncident,
  fileIncident,
  editIncident,
  openPull,
  openPull,
  openPull,
  push,
  push,
  push,
  push,
  returnToOlderHead,
  askForRun,
  askForHelp,
  closePull,
  reopenPull,
  reopenPull,
];

/** Has people do this much, one thing after the other with pauses between, until it is done. */
export async function letPeopleWork(
  world: World,
  random: Random,
  plan: { readonly deeds: number; readonly pauseMsMax: number },
): Promise<Deeds> {
  const deeds: Deeds = { incidents: new Map(), pulls: [], count: 0 };
  while (deeds.count < plan.deeds) {
    await random.pick(DEEDS)(world, deeds, random);
    await sleep(random.between(PAUSE_MS_MIN, plan.pauseMsMax));
  }
  return deeds;
}

async function fileIncident(world: World, deeds: Deeds): Promise<void> {
  deeds.count += 1;
  const word = wordOf(deeds.count);
  const { data } = await world.as("tom").rest.issues.create({
    ...AT,
    title: `The agent cancelled the order of the ${word}`,
    body: incidentBody(word),
    labels: [LABEL],
  });
  deeds.incidents.set(data.number, word);
}

async function editIncident(world: World, deeds: Deeds, random: Random): Promise<void> {
  const issue = oneOf([...deeds.incidents.keys()], random);
  if (issue === undefined) return;
  deeds.count += 1;
  const word = wordOf(deeds.count);
  await world.as("tom").rest.issues.update({ ...AT, issue_number: issue, body: incidentBody(word) });
  deeds.incidents.set(issue, word);
}

async function openPull(world: World, deeds: Deeds, random: Random): Promise<void> {
  deeds.count += 1;
  const octokit = world.as("wanda");
  const branch = `change-${deeds.count}`;
  const main = await world.tipOf("main");
  if (main === undefined) throw new Error("the repository has no main branch");
  const head = await commit(world, main, deeds.count, random);
  await octokit.rest.git.createRef({ ...AT, ref: `refs/heads/${branch}`, sha: head.sha });
  const { data } = await octokit.rest.pulls.create({ ...AT, title: branch, head: branch, base: "main" });
  deeds.pulls.push({ number: data.number, branch, heads: [head], state: "open", reruns: 0 });
}

async function push(world: World, deeds: Deeds, random: Random): Promise<void> {
  const pull = oneOf(openOf(deeds), random);
  const parent = pull?.heads.at(-1);
  if (pull === undefined || parent === undefined) return;
  deeds.count += 1;
  await moveHead(world, pull, await commit(world, parent.sha, deeds.count, random));
}

async function returnToOlderHead(world: World, deeds: Deeds, random: Random): Promise<void> {
  const pull = oneOf(openOf(deeds), random);
  const older = pull?.heads.at(-2);
  if (pull === undefined || older === undefined) return;
  deeds.count += 1;
  await moveHead(world, pull, older);
}

async function askForRun(world: World, deeds: Deeds, random: Random): Promise<void> {
  const pull = oneOf(openOf(deeds), random);
  if (pull === undefined) return;
  deeds.count += 1;
  pull.reruns += 1;
  await say(world, pull.number, "/incident-to-eval run");
}

async function askForHelp(world: World, deeds: Deeds, random: Random): Promise<void> {
  const pull = oneOf(deeds.pulls, random);
  if (pull === undefined) return;
  deeds.count += 1;
  await say(world, pull.number, "/incident-to-eval help");
}

async function closePull(world: World, deeds: Deeds, random: Random): Promise<void> {
  const pull = oneOf(openOf(deeds), random);
  if (pull === undefined) return;
  deeds.count += 1;
  await setState(world, pull, "closed");
}

async function reopenPull(world: World, deeds: Deeds, random: Random): Promise<void> {
  const closed = deeds.pulls.filter(({ state }) => state === "closed");
  const pull = oneOf(closed, random);
  if (pull === undefined) return;
  deeds.count += 1;
  await setState(world, pull, "open");
}

async function setState(world: World, pull: OpenedPull, state: "open" | "closed"): Promise<void> {
  pull.state = state;
  await world.as("wanda").rest.pulls.update({ ...AT, pull_number: pull.number, state });
}

async function say(world: World, number: number, line: string): Promise<void> {
  await world.as("wanda").rest.issues.createComment({ ...AT, issue_number: number, body: line });
}

async function moveHead(world: World, pull: OpenedPull, head: Head): Promise<void> {
  pull.heads.push(head);
  const to = { ...AT, ref: `heads/${pull.branch}`, sha: head.sha, force: true };
  await world.as("wanda").rest.git.updateRef(to);
  await world.announceMove(pull.branch);
}

const CAREFUL_PROMPT = `You serve a shop. ${CAREFUL}\n`;

/** A commit that leaves the agent alone, changes it harmlessly, or lets it refund without asking. */
async function commit(world: World, parent: string, number: number, random: Random): Promise<Head> {
  const octokit = world.as("wanda");
  const { answer, files } = random.pick<{ readonly answer: Answer; readonly files: Files }>([
    // Each says what the prompt is, so that what a commit deserves rests on nothing below it.
    { answer: "success", files: { [PROMPT]: CAREFUL_PROMPT, "README.md": `# Version ${number}\n` } },
    { answer: "success", files: { [PROMPT]: `You serve shop number ${number}. ${CAREFUL}\n` } },
    { answer: "failure", files: { [PROMPT]: `You serve shop number ${number}.\n` } },
  ]);
  const below = await octokit.rest.git.getCommit({ ...AT, commit_sha: parent });
  const tree = await octokit.rest.git.createTree({
    ...AT,
    base_tree: below.data.tree.sha,
    tree: Object.entries(files).map(([path, content]) => ({ path, mode: "100644", type: "blob", content })),
  });
  const { data } = await octokit.rest.git.createCommit({
    ...AT,
    message: `Change ${number}`,
    tree: tree.data.sha,
    parents: [parent],
  });
  return { sha: data.sha, answer };
}

function openOf({ pulls }: Deeds): readonly OpenedPull[] {
  return pulls.filter(({ state }) => state === "open");
}

function oneOf<T>(choices: readonly T[], random: Random): T | undefined {
  return choices[random.between(0, choices.length - 1)];
}
