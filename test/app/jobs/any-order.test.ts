import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { GateCause } from "../../../src/app/jobs/job.ts";
import { aBusyApp, aTurnstile, type BusyApp } from "../../build/busy-app.ts";
import {
  aCommand,
  aDraftJob,
  aGateJob,
  aJobWorld,
  anIncidentBody,
  CAREFUL,
  CARELESS,
  type JobWorld,
  PROMPT,
  pullRequestOf,
} from "../../build/job-world.ts";

const RUNS = 25;
const ACTS_MAX = 8;

/** The first and the last of three pull requests begin on the same commit. */
const aPull = fc.nat(2);
/** What people do to a pull request or to the incident, or what happens to the app. */
const anAct = fc.oneof(
  fc.record({ what: fc.constantFrom("push", "push carelessly"), pull: aPull }),
  fc.record({
    what: fc.constantFrom("go back", "close", "reopen", "retarget", "make it a draft", "ready"),
    pull: aPull,
  }),
  fc.record({
    what: fc.constantFrom("ask to run", "run an older head again"),
    pull: aPull,
  }),
  fc.record({ what: fc.constantFrom("edit the incident", "label it again", "kill"), pull: fc.constant(0) }),
);
type Act = typeof anAct extends fc.Arbitrary<infer T> ? T : never;
type GateEvent = Exclude<
  GateCause,
  { kind: "rerun" | "outage" | "action" | "command" | "lapsed" | "reviewed" }
>["kind"];

/** A world in which people act while events are under way and the app works. */
interface Scene {
  readonly world: JobWorld;
  readonly app: BusyApp;
  readonly pulls: readonly number[];
  readonly incident: number;
  /** Sends an event on its way: it comes at some time, once or twice. */
  readonly send: (job: Parameters<BusyApp["take"]>[0]) => void;
  /** Heads of a pull request, oldest first. */
  readonly heads: Map<number, string[]>;
  edits: number;
}

function act({ what, pull }: Act, scene: Scene): void {
  const { world, app, incident } = scene;
  const number = scene.pulls[pull] ?? 0;
  const { head, base } = pullRequestOf(world.gitHub, number);
  const older = scene.heads.get(number)?.at(-2) ?? head.sha;
  const told = (kind: GateEvent) => scene.send(aGateJob(number, { kind }));
  const changed = (kind: GateEvent, change: Parameters<JobWorld["change"]>[1]) => {
    world.change(number, change);
    told(kind);
  };
  switch (what) {
    case "push":
      moveTo(number, commitOn(number, CAREFUL, scene), scene);
      break;
    case "push carelessly":
      moveTo(number, commitOn(number, CARELESS, scene), scene);
      break;
    case "go back":
      moveTo(number, older, scene);
      break;
    case "close":
      changed("closed", { state: "closed" });
      break;
    case "reopen":
      changed("reopened", { state: "open" });
      break;
    case "retarget":
      changed("retargeted", { base: { ...base, branch: base.branch === "main" ? "release" : "main" } });
      break;
    case "make it a draft":
      world.change(number, { draft: true });
      break;
    case "ready":
      changed("ready_for_review", { draft: false });
      break;
    case "ask to run":
      scene.send(aGateJob(number, aCommand("/incident-to-eval run", "wanda")));
      break;
    case "run an older head again":
      scene.send(aGateJob(number, { kind: "rerun", actor: "wanda", headSha: older }));
      break;
    case "edit the incident":
      scene.edits += 1;
      changeIncident(scene);
      scene.send(aDraftJob(incident, { kind: "edited" }));
      break;
    case "label it again":
      scene.send(aDraftJob(incident));
      break;
    case "kill":
      app.kill();
  }
}

function commitOn(number: number, prompt: string, { world, heads }: Scene): string {
  const { head } = pullRequestOf(world.gitHub, number);
  const text = `${prompt}Version ${heads.get(number)?.length} of ${number}.\n`;
  return world.gitHub.git.write([head.sha], { [PROMPT]: text }, "olga");
}

/** A pull request that is closed stays where it is. */
function moveTo(number: number, sha: string, scene: Scene): void {
  const { state, head } = pullRequestOf(scene.world.gitHub, number);
  if (state === "closed") return;
  scene.world.change(number, { head: { ...head, sha } });
  scene.heads.get(number)?.push(sha);
  scene.send(aGateJob(number, { kind: "synchronize" }));
}

function changeIncident({ world, incident, edits }: Scene): void {
  const issue = world.gitHub.issueList.get(incident);
  if (issue === undefined) throw new Error("the incident is gone");
  const body = anIncidentBody({ user_input: `Refund the ${"very ".repeat(edits)}late order.` });
  world.gitHub.issueList.set(incident, { ...issue, body });
}

/** Has the acts happen one after the other, while their events come in an order of their own and the app takes its steps in between. */
async function playedOut(acts: readonly Act[], twice: boolean, seed: number): Promise<Scene> {
  const world = aJobWorld();
  const step = aTurnstile(seed);
  const app = aBusyApp(world, step);
  world.gitHub.git.branches.set("release", world.gitHub.git.branches.get("main") ?? "");
  const pulls = [
    world.propose({ [PROMPT]: CARELESS }),
    world.propose({ "README.md": "# Hello\n" }),
    world.propose({}),
  ];
  world.change(pulls[2] ?? 0, { head: pullRequestOf(world.gitHub, pulls[0] ?? 0).head });
  const incident = await world.people.fileIssue({
    title: "It refunded",
    body: anIncidentBody(),
    labels: ["incident"],
    author: "tom",
  });
  const underWay: Promise<void>[] = [];
  const heads = new Map(pulls.map((number) => [number, [pullRequestOf(world.gitHub, number).head.sha]]));
  const scene: Scene = {
    world,
    app,
    pulls,
    incident,
    heads,
    edits: 0,
    send(job) {
      const times = twice && job.cause.kind !== "command" ? 2 : 1;
      for (let time = 0; time < times; time += 1) underWay.push(step().then(() => app.take(job)));
    },
  };
  for (const number of pulls) scene.send(aGateJob(number));
  scene.send(aDraftJob(incident, { kind: "opened" }));
  for (const one of acts) {
    await step();
    act(one, scene);
  }
  await Promise.all(underWay);
  await app.idle();
  return scene;
}

/** What the people of a pull request see of its checks, the newest of each name. */
function answersOn({ world }: Scene, sha: string): Readonly<Record<string, string>> {
  return Object.fromEntries(world.checksOn(sha).map((check) => check.split(": ", 2)));
}

function expectedOn({ world }: Scene, number: number): Readonly<Record<string, string>> {
  const { head } = pullRequestOf(world.gitHub, number);
  const prompt = String(world.gitHub.git.find(head.sha)?.files.get(PROMPT));
  return prompt.startsWith(CAREFUL)
    ? { blocking: "success", warning: "success" }
    : { blocking: "failure", warning: "neutral" };
}

test("whatever the order of events and work, however often they come and wherever it is killed, the end is the same", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anAct, { maxLength: ACTS_MAX }),
      fc.boolean(),
      fc.integer(),
      async (acts, twice, seed) => {
        const scene = await playedOut(acts, twice, seed);
        const { gitHub, records } = scene.world;
        const checks = [...gitHub.checkList.values()];
        expect(checks.filter(({ state }) => state.kind === "in_progress")).toEqual([]);
        expect([...records.gateRuns.kept.values()].filter(({ state }) => state === "running")).toEqual([]);
        for (const number of scene.pulls) {
          const { state, draft, head } = pullRequestOf(gitHub, number);
          if (state === "open" && !draft)
            expect(answersOn(scene, head.sha)).toEqual(expectedOn(scene, number));
        }
        const ids = checks.map(({ name, headSha, externalId }) => `${name} ${headSha} ${externalId}`);
        expect(new Set(ids).size).toBe(ids.length);
        expect(gitHub.commentsOn(scene.incident)).toHaveLength(1);
        const drafts = [...gitHub.pullRequestList.values()].filter(({ head }) =>
          head.branch.startsWith("incident-to-eval/"),
        );
        expect(drafts).toHaveLength(1);
        expect(draftedText(scene, drafts[0]?.head.sha)).toContain(
          `Refund ${scene.edits === 0 ? "order" : `the ${"very ".repeat(scene.edits)}late`}`,
        );
      },
    ),
    { numRuns: RUNS },
  );
});

function draftedText({ world }: Scene, sha = ""): string {
  const files = [...(world.gitHub.git.find(sha)?.files ?? [])];
  return files
    .filter(([path]) => path.startsWith("evals/incidents/"))
    .map(([, text]) => String(text))
    .join();
}
