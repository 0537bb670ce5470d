import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Demonstration, readDemonstration } from "../adapters/emulator/demonstration.ts";
import { type GithubEmulator, startGithubEmulator } from "../adapters/emulator/github-emulator.ts";
import { startGithubViewer } from "../adapters/emulator/github-viewer.ts";
import { narrateEnd, narrateEvent, narrateStart } from "../adapters/emulator/narrator.ts";
import { fillRepository } from "../adapters/emulator/people.ts";
import { type ScriptedModel, startScriptedModel } from "../adapters/emulator/scripted-model.ts";
import { tellStory } from "../adapters/emulator/tell-story.ts";
import { watchNews } from "../adapters/emulator/watch-news.ts";
import { type Parsed, problemText } from "../core/problem.ts";
import { type Environment, readEnvironment, type Variables } from "./env.ts";
import { WEBHOOK_PATH } from "./http-front.ts";
import { knownSecrets } from "./known-secrets.ts";
import { createLogger, type LogSink } from "./log.ts";
import { type SignalledProcess, stopOnSignals } from "./shutdown.ts";
import { startServer } from "./wiring.ts";

const DEMONSTRATION = fileURLToPath(new URL("../../evals/demo/", import.meta.url));
const APP = { id: 1_042, slug: "incident-to-eval", name: "incident-to-eval" };
const DRAIN_MS = 2_000;

/** What the sandbox needs of the process that it runs in. */
export interface SandboxProcess extends SignalledProcess {
  readonly env: Variables;
  readonly stdout: LogSink;
}

/** The world outside the app, on this machine. */
interface World {
  readonly emulator: GithubEmulator;
  readonly model: ScriptedModel;
  readonly webhookSecret: string;
}

/** Shows the whole loop: the app against a GitHub and a model that run on this machine; then stays up. */
export async function startSandbox(process: SandboxProcess): Promise<void> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const startedMs = performance.now();
  const demonstration = await readDemonstration(DEMONSTRATION);
  const world = await startWorld(demonstration);
  const environment = sandboxEnvironment(process.env, world);
  const log = createLogger({ ...environment.log, secrets: knownSecrets([]), sink: process.stdout });
  const server = await startServer(environment, log, { kind: "memory" });
  world.emulator.deliverTo(`${server.url}${WEBHOOK_PATH}`);
  const viewer = await startGithubViewer({ emulator: world.emulator, port: 0 });
  const folder = await mkdtemp(join(tmpdir(), "incident-to-eval-"));
  const stopper = new AbortController();
  stopOnSignals({
    process,
    log,
    drainMs: DRAIN_MS,
    stop: async (drainMs) => {
      stopper.abort();
      await server.stop(drainMs);
      await Promise.all([viewer.close(), world.emulator.close(), world.model.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  });

  say(narrateStart({ app: server.url, pages: viewer.url, api: world.emulator.url, model: world.model.url }));
  await tellStory(world.emulator, demonstration, (event) => say(narrateEvent(event, viewer.url)));
  say(await ending(world.emulator, demonstration, folder, performance.now() - startedMs));
  await watchNews(world.emulator, { pages: viewer.url, say, signal: stopper.signal });
}

async function startWorld(demonstration: Demonstration): Promise<World> {
  const { story, files, script } = demonstration;
  const webhookSecret = randomBytes(32).toString("hex");
  const emulator = await startGithubEmulator({
    app: { ...APP, webhookSecret },
    repository: story.repository,
    users: story.users.map((user) => ({ ...user, token: `sandbox-${user.login}` })),
  });
  await fillRepository(emulator, files, story.required_checks);
  return { emulator, model: await startScriptedModel(script), webhookSecret };
}

/** The environment of a real app, pointed at this machine; what a person sets of the rest still counts. */
function sandboxEnvironment(variables: Variables, { emulator, model, webhookSecret }: World): Environment {
  const environment = readEnvironment(
    {
      LOG_LEVEL: "warn",
      PORT: "0",
      ...variables,
      APP_ID: String(emulator.appId),
      PRIVATE_KEY: emulator.privateKey,
      WEBHOOK_SECRET: webhookSecret,
      GITHUB_API_URL: emulator.url,
      ANTHROPIC_API_KEY: "sandbox",
      ANTHROPIC_BASE_URL: model.url,
      DATABASE_URL: undefined,
      ROLE: "all",
    },
    () => "",
  );
  return usable(environment, "the sandbox's environment");
}

async function ending(
  emulator: GithubEmulator,
  demonstration: Demonstration,
  folder: string,
  elapsedMs: number,
): Promise<string> {
  const { title, label, by } = demonstration.story.next_incident;
  const file = join(folder, "incident.json");
  await writeFile(
    file,
    JSON.stringify({ title, labels: [label], body: demonstration.nextIncidentBody }, null, 2),
  );
  const { owner, name } = emulator.repository;
  return narrateEnd({
    seconds: elapsedMs / 1_000,
    issuesUrl: `${emulator.url}/repos/${owner}/${name}/issues`,
    token: emulator.tokens[by] ?? "",
    file,
  });
}

function usable<T>(read: Parsed<T>, what: string): T {
  if (read.kind === "parsed") return read.value;
  throw new Error(`${what} cannot be used:\n${read.problems.map(problemText).join("\n")}`);
}
