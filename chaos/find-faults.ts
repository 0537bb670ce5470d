import type { Octokit } from "@octokit/rest";
import { CHECK_NAMES } from "../src/core/report/check-run.ts";
import type { Deeds, Head, OpenedPull } from "./people.ts";
import { isAccepted, isMissable } from "./post-office.ts";
import type { StoreState } from "./read-store.ts";
import { AT, type World } from "./world.ts";

const PER_PAGE = 100;
const DRAFT_BRANCH = /^incident-to-eval\/issue-(\d+)$/;
const COMMENT_MARK = "<!-- incident-to-eval:";
/** Conclusions that let a merge through. */
const PASSES = ["success", "neutral", "skipped"];

/** Something that is not as it should be. */
export interface Fault {
  /** Lost: it was taken over and nothing came of it. Doubled: it is there twice. Stuck: it never came to its end. Wrong: it says what is not so. */
  readonly kind: "lost" | "doubled" | "stuck" | "wrong";
  readonly what: string;
}

interface ListedCheck {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly external_id: string | null;
  readonly output: { readonly title: string | null };
}

/** Compares what people did with what stands on GitHub and in the store; answers everything that is not as it should be. */
export async function findFaults(world: World, deeds: Deeds, store: StoreState): Promise<readonly Fault[]> {
  const octokit = world.as("olga");
  const pulls = await listPulls(octokit);
  const perPull = deeds.pulls.map((pull) => faultsOfPull(octokit, pull, store));
  const perIncident = [...deeds.incidents].map(([issue, word]) =>
    faultsOfIncident(world, issue, word, pulls),
  );
  const ofDrafts = pulls
    .filter(({ head, state }) => state === "open" && DRAFT_BRANCH.test(head.ref))
    .map(async ({ number, head }) => {
      const sha = (await world.tipOf(head.ref)) ?? head.sha;
      return faultsOfHead(await listChecks(octokit, sha), {
        number,
        sha,
        answer: "success",
        isCurrent: true,
        extra: 0,
      });
    });
  return [
    ...faultsOfStore(world, store),
    ...(await Promise.all([...perPull, ...perIncident, ...ofDrafts])).flat(),
  ];
}

/** What every accepted delivery and every job must have come to. */
function faultsOfStore({ post }: World, store: StoreState): readonly Fault[] {
  const deliveries = post.log().flatMap((delivery): Fault[] => {
    const { guid, event } = delivery;
    const state = store.deliveries.get(guid) ?? "not stored";
    if (!isAccepted(delivery) && !isMissable(delivery)) return [];
    if (!isAccepted(delivery))
      return [{ kind: "lost", what: `delivery ${guid} (${event}) was never asked for again` }];
    return state === "processed" ? [] : [{ kind: "lost", what: `delivery ${guid} (${event}) is ${state}` }];
  });
  return [
    ...deliveries,
    ...store.jobsLeft.map((job): Fault => ({ kind: "stuck", what: `a job is left: ${job}` })),
    ...store.jobsGivenUp.map((job): Fault => ({ kind: "lost", what: `a job was given up: ${job}` })),
    ...store.runs
      .filter(({ state }) => state === "running")
      .map(
        (run): Fault => ({ kind: "stuck", what: `run ${run.id} of #${run.pullRequest} is still running` }),
      ),
  ];
}

async function faultsOfPull(
  octokit: Octokit,
  pull: OpenedPull,
  store: StoreState,
): Promise<readonly Fault[]> {
  const heads = new Map<string, Head>(pull.heads.map((head) => [head.sha, head]));
  const current = pull.heads.at(-1)?.sha;
  const faults: Fault[] = [];
  for (const { sha, answer } of heads.values()) {
    const checks = await listChecks(octokit, sha);
    const isCurrent = sha === current && pull.state === "open";
    faults.push(...faultsOfHead(checks, { number: pull.number, sha, answer, isCurrent, extra: pull.reruns }));
    faults.push(...faultsAgainstStore(checks, sha, store));
  }
  return [...faults, ...(await faultsOfHelp(octokit, pull))];
}

/** A head, and what its checks must be. */
interface JudgedHead {
  readonly number: number;
  readonly sha: string;
  readonly answer: Head["answer"];
  readonly isCurrent: boolean;
  /** How many answers there may be beyond one, because people asked for more. */
  readonly extra: number;
}

function faultsOfHead(checks: readonly ListedCheck[], head: JudgedHead): readonly Fault[] {
  return Object.values(CHECK_NAMES).flatMap((name) => {
    const named = checks.filter((check) => check.name === name);
    const at = `"${name}" of #${head.number} on ${head.sha.slice(0, 7)}`;
    const faults = [...faultsOfEach(named, at), ...doublesAmong(named, at)];
    return head.isCurrent
      ? [...faults, ...faultsOfCurrent(named, at, head, wantedOf(name, head.answer))]
      : [...faults, ...faultsOfOlder(named, at, head, name === CHECK_NAMES.blocking)];
  });
}

function faultsOfEach(named: readonly ListedCheck[], at: string): readonly Fault[] {
  return named
    .filter(({ status }) => status !== "completed")
    .map(({ id, status }) => ({ kind: "stuck", what: `check ${id} ${at} is ${status}` }));
}

function doublesAmong(named: readonly ListedCheck[], at: string): readonly Fault[] {
  const ids = named.map(({ external_id: run }) => run);
  const twice = new Set(ids.filter((run, index) => ids.indexOf(run) !== index));
  return [...twice].map((run) => ({ kind: "doubled", what: `the check of run ${run} ${at} is there twice` }));
}

function faultsOfCurrent(
  named: readonly ListedCheck[],
  at: string,
  { extra }: JudgedHead,
  wanted: string,
): readonly Fault[] {
  const answers = named.filter(({ conclusion }) => conclusion !== "cancelled");
  const newest = named.at(-1);
  if (newest === undefined) return [{ kind: "lost", what: `there is no check ${at}` }];
  const faults: Fault[] = [];
  if (answers.length > 1 + extra)
    faults.push({
      kind: "doubled",
      what: `${answers.length} answers ${at}, ${extra} were asked for beyond one`,
    });
  if (newest.conclusion === "cancelled")
    faults.push({ kind: "lost", what: `the newest check ${at} is cancelled, and nothing followed` });
  else if (newest.status === "completed" && newest.conclusion !== wanted)
    faults.push({ kind: "wrong", what: `${at} says ${newest.conclusion}: ${newest.output.title}` });
  return faults;
}

/** A failure of the suite also shows in the warning check, in its mild form; nobody weakens anything here, so the guard is green. */
function wantedOf(name: string, answer: Head["answer"]): string {
  if (name === CHECK_NAMES.guard) return "success";
  return name === CHECK_NAMES.blocking || answer === "success" ? answer : "neutral";
}

/** A head that was left: what was decided on it may stand, and nothing on it may be greener than it deserves. */
function faultsOfOlder(
  named: readonly ListedCheck[],
  at: string,
  { answer }: JudgedHead,
  isBlocking: boolean,
): readonly Fault[] {
  if (!isBlocking || answer === "success") return [];
  return named
    .filter(({ conclusion }) => PASSES.includes(conclusion ?? ""))
    .map(({ id }) => ({ kind: "wrong", what: `check ${id} ${at} passes what must not pass` }));
}

/** What the store says of a run and what GitHub shows of it must be the same. */
function faultsAgainstStore(
  checks: readonly ListedCheck[],
  sha: string,
  { runs }: StoreState,
): readonly Fault[] {
  return checks.flatMap((check): Fault[] => {
    const run = runs.find(({ id, headSha }) => id === check.external_id && headSha === sha);
    const at = `check ${check.id} "${check.name}" on ${sha.slice(0, 7)}`;
    if (run === undefined) return [{ kind: "wrong", what: `${at} belongs to no run` }];
    if ((run.state === "cancelled") === (check.conclusion === "cancelled")) return [];
    return [{ kind: "wrong", what: `${at} is ${check.conclusion}, its run is ${run.state}` }];
  });
}

async function faultsOfHelp(octokit: Octokit, { number }: OpenedPull): Promise<readonly Fault[]> {
  const helps = (await commentsOn(octokit, number)).filter((body) => body.startsWith(`${COMMENT_MARK}help`));
  return helps.length < 2 ? [] : [{ kind: "doubled", what: `${helps.length} explanations on #${number}` }];
}

async function faultsOfIncident(
  world: World,
  issue: number,
  word: string,
  pulls: Awaited<ReturnType<typeof listPulls>>,
): Promise<readonly Fault[]> {
  const octokit = world.as("olga");
  const drafts = pulls.filter(({ head }) => Number(DRAFT_BRANCH.exec(head.ref)?.[1]) === issue);
  const answers = (await commentsOn(octokit, issue)).filter((body) => body.startsWith(COMMENT_MARK));
  const [draft] = drafts;
  if (draft === undefined) {
    const said = answers[0]?.split("\n")[1] ?? "nothing";
    return [{ kind: "lost", what: `incident #${issue} has no pull request; its answer says: ${said}` }];
  }
  const faults: Fault[] = [];
  if (drafts.length > 1)
    faults.push({ kind: "doubled", what: `${drafts.length} pull requests of incident #${issue}` });
  if (answers.length === 0) faults.push({ kind: "lost", what: `incident #${issue} has no answer` });
  if (answers.length > 1)
    faults.push({ kind: "doubled", what: `${answers.length} answers on incident #${issue}` });
  if (answers[0]?.includes(`#${draft.number}`) === false && !answers[0].includes(draft.html_url))
    faults.push({ kind: "wrong", what: `the answer on incident #${issue} does not name #${draft.number}` });
  return [...faults, ...(await faultsOfDraft(world, issue, word, draft.head.ref))];
}

async function faultsOfDraft(
  world: World,
  issue: number,
  word: string,
  branch: string,
): Promise<readonly Fault[]> {
  const octokit = world.as("olga");
  const [tip, main] = [await world.tipOf(branch), await world.tipOf("main")];
  if (tip === undefined) return [{ kind: "lost", what: `the branch of incident #${issue} is gone` }];
  const { data } = await octokit.rest.repos.getCommit({ ...AT, ref: tip });
  const faults: Fault[] = [];
  if (data.parents[0]?.sha !== main)
    faults.push({ kind: "doubled", what: `the branch of incident #${issue} has more than one commit` });
  const texts = await fixtureTexts(octokit, tip);
  if (!texts.some((text) => text.includes(word)))
    faults.push({
      kind: "lost",
      what: `the draft of incident #${issue} does not know its newest text (${word})`,
    });
  return faults;
}

async function fixtureTexts(octokit: Octokit, sha: string): Promise<readonly string[]> {
  const { data } = await octokit.rest.git.getTree({ ...AT, tree_sha: sha, recursive: "true" });
  const paths = data.tree.filter(({ path }) => path?.startsWith("evals/incidents/") && path.endsWith(".yml"));
  return await Promise.all(
    paths.map(async ({ sha: blob }) => {
      const read = await octokit.rest.git.getBlob({ ...AT, file_sha: blob ?? "" });
      return Buffer.from(read.data.content, "base64").toString("utf8");
    }),
  );
}

async function listPulls(octokit: Octokit) {
  return await octokit.paginate(octokit.rest.pulls.list, { ...AT, state: "all", per_page: PER_PAGE });
}

async function listChecks(octokit: Octokit, sha: string): Promise<readonly ListedCheck[]> {
  const { data } = await octokit.rest.checks.listForRef({
    ...AT,
    ref: sha,
    filter: "all",
    per_page: PER_PAGE,
  });
  return data.check_runs.toSorted((one, other) => one.id - other.id);
}

async function commentsOn(octokit: Octokit, issue: number): Promise<readonly string[]> {
  const listed = await octokit.rest.issues.listComments({ ...AT, issue_number: issue, per_page: PER_PAGE });
  return listed.data.map(({ body }) => body ?? "");
}
