import { createHmac, randomUUID } from "node:crypto";
import {
  type GithubEmulator,
  type GithubSeed,
  startGithubEmulator,
} from "../../src/adapters/emulator/github-emulator.ts";
import {
  fileIncident,
  fillRepository,
  type Person,
  personOf,
  proposeChange,
} from "../../src/adapters/emulator/people.ts";
import type { Files } from "../../src/adapters/emulator/read-folder.ts";
import { parseScript, type Script } from "../../src/adapters/emulator/script.ts";
import { type ScriptedModel, startScriptedModel } from "../../src/adapters/emulator/scripted-model.ts";
import type { DatabasePlace } from "../../src/adapters/postgres/open-database.ts";
import { readEnvironment } from "../../src/app/env.ts";
import { WEBHOOK_PATH } from "../../src/app/http-front.ts";
import { knownSecrets } from "../../src/app/known-secrets.ts";
import { createLogger } from "../../src/app/log.ts";
import { startServer, type Waits } from "../../src/app/wiring.ts";
import type { CHECK_NAMES } from "../../src/core/report/check-run.ts";
import { type Front, startFront } from "./front.ts";
import { type GithubFront, startGithubFront } from "./github-front/github-front.ts";
import { passOn } from "./github-front/pass-on.ts";
import { violationsOf } from "./github-openapi.ts";
import { A_WEBHOOK_SECRET } from "./keys.ts";
import { memoryDatabase } from "./memory-database.ts";

const POLL_MS = 50;
const WAIT_MS_MAX = 25_000;
const DRAIN_MS = 2_000;

/** A check run as GitHub holds it. */
export interface Check {
  readonly conclusion: string | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
}

/** A check run that may not be completed yet. */
export interface ListedCheck {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string;
}

/** The app as it runs in production, against a GitHub and a model on this machine. */
export interface RunningApp {
  /** Where the app listens. */
  readonly url: string;
  readonly emulator: GithubEmulator;
  /** GitHub as people meet it: the emulator, and what it cannot do by itself. */
  readonly github: GithubFront;
  /** What the app takes for GitHub: the same, and what a test has it say instead. */
  readonly front: Front;
  /** What the app takes for the model's provider. */
  readonly modelFront: Front;
  readonly model: ScriptedModel;
  /** Everything that the app logged. */
  readonly log: () => string;
  person(login: string): Person;
  /** Files an incident and answers its number. */
  incident(body: string, by?: string): Promise<number>;
  /** Opens a pull request and answers its number and head. */
  pullRequest(
    branch: string,
    files: Files,
    by?: string,
  ): Promise<{ readonly number: number; readonly sha: string }>;
  /** Waits for the one comment of ours on an issue. */
  answer(issue: number): Promise<string>;
  /** Waits until a check on a commit is completed. */
  check(sha: string, kind?: keyof typeof CHECK_NAMES): Promise<Check>;
  /** Lists all check runs of a kind on a commit, oldest first. */
  checks(sha: string, kind?: keyof typeof CHECK_NAMES): Promise<readonly ListedCheck[]>;
  /** Stops the app, does something that it hears nothing of, and starts it again on the same store, elsewhere. */
  whileAway<T>(act: () => Promise<T>): Promise<T>;
  /** Sends the app a signed webhook of its repository, and answers the status. */
  deliver(event: string, payload: object, id?: string): Promise<number>;
  /** Waits until something is there. */
  eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
  /** Stops everything, and fails where the app asked GitHub for something in a way that GitHub does not know. */
  stop(): Promise<void>;
}

const PEOPLE = [
  { login: "olga", role: "admin" },
  { login: "wanda", role: "write" },
  { login: "tom", role: "triage" },
  { login: "otto", role: "none" },
] as const;

/** Reads a model's script that a test wrote as YAML. */
export function aScript(yaml: string): Script {
  const read = parseScript(yaml);
  if (read.kind === "unusable") throw new Error(JSON.stringify(read.problems, null, 2));
  return read.value;
}

/** Starts the app on a repository with these files and a model that follows this script. */
export async function startApp(options: {
  readonly files: Files;
  readonly script: Script;
  /** Default is Olga (admin), Wanda (write), Tom (triage) and Otto, who may do nothing. */
  readonly people?: readonly { readonly login: string; readonly role: GithubSeed["users"][number]["role"] }[];
  readonly repository?: GithubSeed["repository"];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default is a store that is gone with the app. */
  readonly place?: DatabasePlace;
  readonly waits?: Waits;
}): Promise<RunningApp> {
  const emulated = await startGithubEmulator({
    app: { id: 4_711, slug: "incident-to-eval", name: "incident-to-eval", webhookSecret: A_WEBHOOK_SECRET },
    repository: options.repository ?? { owner: "acme", name: "agent" },
    users: (options.people ?? PEOPLE).map((person) => ({ ...person, token: `${person.login}-token` })),
  });
  const github = await startGithubFront(emulated, A_WEBHOOK_SECRET);
  const { emulator } = github;
  await fillRepository(emulator, options.files, ["incident-to-eval / blocking"]);
  const front = await startFront(github.handle, violationsOf);
  const model = await startScriptedModel(options.script);
  const toModel = passOn(model.url);
  const modelFront = await startFront(toModel.handle);
  const lines: string[] = [];
  const environment = readEnvironment(
    {
      APP_ID: String(emulator.appId),
      PRIVATE_KEY: emulator.privateKey,
      WEBHOOK_SECRET: A_WEBHOOK_SECRET,
      GITHUB_API_URL: front.url,
      ANTHROPIC_API_KEY: "test-key-of-the-model",
      ANTHROPIC_BASE_URL: modelFront.url,
      PORT: "0",
      ...options.environment,
    },
    () => "",
  );
  if (environment.kind === "unusable") throw new Error(JSON.stringify(environment.problems));
  const log = createLogger({
    level: "debug",
    format: "json",
    secrets: knownSecrets([]),
    sink: { write: (line) => lines.push(line) },
  });
  const place = options.place ?? (await memoryDatabase());
  const start = async () => {
    const started = await startServer(environment.value, log, place, options.waits);
    emulator.deliverTo(`${started.url}${WEBHOOK_PATH}`);
    return started;
  };
  let server = await start();
  const at = { owner: emulator.repository.owner, repo: emulator.repository.name };
  const { octokit } = personOf(emulator, emulator.ownerLogin);

  async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + WAIT_MS_MAX;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > deadline)
        throw new Error(`no ${what} came; the log ends with\n${lines.slice(-20).join("")}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  return {
    get url() {
      return server.url;
    },
    emulator,
    github,
    front,
    model,
    modelFront,
    log: () => lines.join(""),
    person: (login) => personOf(emulator, login),
    eventually,
    incident: (body, by = "tom") =>
      fileIncident(emulator, personOf(emulator, by), { title: "The agent failed", body, label: "incident" }),
    pullRequest: (branch, files, by = "wanda") =>
      proposeChange(emulator, personOf(emulator, by), { branch, title: branch, body: "", files }),
    answer: (issue) =>
      eventually(`answer on #${issue}`, async () => {
        const { data } = await octokit.rest.issues.listComments({ ...at, issue_number: issue });
        return data.find(({ body }) => body?.startsWith("<!-- incident-to-eval:incident -->") === true)?.body;
      }),
    check: (sha, kind = "blocking") =>
      eventually(`completed ${kind} check on ${sha}`, async () => {
        const { data } = await octokit.rest.checks.listForRef({
          ...at,
          ref: sha,
          check_name: `incident-to-eval / ${kind}`,
        });
        const done = data.check_runs.find(({ status }) => status === "completed");
        if (done === undefined) return undefined;
        const { title, summary, text } = done.output;
        return { conclusion: done.conclusion, title: title ?? "", summary: summary ?? "", text: text ?? "" };
      }),
    async checks(sha, kind = "blocking") {
      const { data } = await octokit.rest.checks.listForRef({
        ...at,
        ref: sha,
        check_name: `incident-to-eval / ${kind}`,
        filter: "all",
      });
      return data.check_runs
        .map(({ id, status, conclusion, output }) => ({ id, status, conclusion, title: output.title ?? "" }))
        .sort((one, other) => one.id - other.id);
    },
    async whileAway(act) {
      await server.stop(DRAIN_MS);
      const done = await act();
      server = await start();
      return done;
    },
    async deliver(event, payload, id = randomUUID()) {
      const body = JSON.stringify({
        installation: { id: emulator.installationId },
        repository: { name: at.repo, owner: { login: at.owner } },
        sender: { login: "wanda", type: "User" },
        ...payload,
      });
      const signature = createHmac("sha256", A_WEBHOOK_SECRET).update(body).digest("hex");
      const response = await fetch(`${server.url}${WEBHOOK_PATH}`, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          "x-github-event": event,
          "x-github-delivery": id,
          "x-hub-signature-256": `sha256=${signature}`,
        },
      });
      return response.status;
    },
    async stop() {
      await server.stop(DRAIN_MS);
      await front.close();
      await modelFront.close();
      await github.close();
      await emulator.close();
      toModel.close();
      await model.close();
      if (front.violations().length > 0)
        throw new Error(
          `the app asked GitHub in ways that it does not know:\n${front.violations().join("\n")}`,
        );
    },
  };
}
