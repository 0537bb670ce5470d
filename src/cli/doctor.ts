import { readFileSync } from "node:fs";
import { createGitHubApp, createUserGitHub, createUserRules } from "../adapters/github/github-app.ts";
import { memoryBlobs } from "../adapters/github/memory-blobs.ts";
import { memoryCreations } from "../adapters/github/memory-creations.ts";
import { type DoctorDeps, examine } from "../app/doctor/examine.ts";
import { readEnvironment, readModelEnvironment, secretsOf, type Variables } from "../app/env.ts";
import { knownSecrets } from "../app/known-secrets.ts";
import { createLogger } from "../app/log.ts";
import { keyChecks } from "../app/models.ts";
import { diagnosisExitCode } from "../core/doctor/finding.ts";
import { type Parsed, problemText } from "../core/problem.ts";
import { diagnosisJson, renderDiagnosis } from "../core/report/render-doctor.ts";
import { fetchReasonsNotReady } from "./ask-ready.ts";
import { type Command, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { noFiles, readArguments } from "./read-arguments.ts";

const GITHUB_API_URL = "https://api.github.com";
const REPOSITORY = /^[A-Za-z0-9._-]{1,100}\/[A-Za-z0-9._-]{1,100}$/;
/** Looking receives no webhook, so that any secret will do. */
const UNUSED_SECRET = "not-needed-to-look-at-how-it-stands";

const HELP = `Looks at everything that the gate rests on, and says of each thing how it stands and how it is mended:
permissions and events, webhook address and deliveries, clock, model keys, and of a repository its installation,
configuration, fixtures, judge, and whether our checks are required from this App only. Nothing is changed.

Usage: incident-to-eval doctor [options]

  --repo OWNER/NAME  look at this repository too
  --server URL       ask this server whether its store and queue keep up
  --json             print the findings as JSON

With APP_ID and PRIVATE_KEY (or PRIVATE_KEY_PATH) it looks as the App; with GITHUB_TOKEN alone, at what a person
sees of a repository. GITHUB_API_URL, where it is not the public GitHub. Model keys are taken from the environment.

Examples
  incident-to-eval doctor --repo acme/agent
  incident-to-eval doctor --repo acme/agent --server https://evals.example.com --json

Exit codes: 0 nothing is in the way, 1 there is a problem, 2 usage or environment, 3 something could not be looked at.
`;

const OPTIONS = {
  repo: { type: "string" },
  server: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("doctor", args, OPTIONS);
  noFiles("doctor", positionals);
  if (values.repo !== undefined && !REPOSITORY.test(values.repo))
    throw new UsageError("--repo takes a repository such as acme/agent");
  const findings = await examine(values.repo, depsOf(values, terminal));
  terminal.print(
    values.json ? `${JSON.stringify(diagnosisJson(findings), null, 2)}\n` : renderDiagnosis(findings),
  );
  return diagnosisExitCode(findings);
}

function depsOf(
  { repo, server }: { readonly repo?: string | undefined; readonly server?: string | undefined },
  { environment, signal }: Terminal,
): DoctorDeps {
  const models = usable(readModelEnvironment(environment));
  return {
    ...accessOf(environment, repo),
    keys: keyChecks(models),
    fetchReasonsNotReady: server === undefined ? undefined : fetchReasonsNotReady(server, signal),
    judgeModel: models.models.judge,
  };
}

/** The App's own key sees more than a person's token, so it goes first. */
function accessOf(environment: Variables, repo: string | undefined): Pick<DoctorDeps, "settings" | "open"> {
  const isApp = [environment.APP_ID, environment.PRIVATE_KEY, environment.PRIVATE_KEY_PATH].some(
    (value) => (value ?? "") !== "",
  );
  if (isApp) return appAccess(environment);
  const token = environment.GITHUB_TOKEN ?? environment.GH_TOKEN ?? "";
  if (token === "" || repo === undefined)
    throw new UsageError(
      "doctor needs APP_ID and PRIVATE_KEY to look as the App, or GITHUB_TOKEN and --repo OWNER/NAME to look as you",
    );
  const baseUrl = environment.GITHUB_API_URL ?? GITHUB_API_URL;
  return {
    settings: undefined,
    async open(owner, name) {
      const told = { token, baseUrl, owner, repo: name, log: SILENT };
      return { repository: createUserGitHub(told).repository, rules: createUserRules(told) };
    },
  };
}

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function appAccess(given: Variables): Pick<DoctorDeps, "settings" | "open"> {
  const secret = (given.WEBHOOK_SECRET ?? "") === "" ? UNUSED_SECRET : given.WEBHOOK_SECRET;
  const environment = usable(
    readEnvironment({ ...given, WEBHOOK_SECRET: secret }, (path) => readFileSync(path, "utf8")),
  );
  const gitHub = createGitHubApp({
    appId: environment.app.id,
    privateKey: environment.app.privateKey,
    secret: environment.app.webhookSecrets[0] ?? "",
    baseUrl: environment.githubApiUrl,
    log: createLogger({
      level: "silent",
      format: "json",
      secrets: knownSecrets(secretsOf(environment)),
      sink: { write: () => undefined },
    }),
    blobs: memoryBlobs(),
    creations: memoryCreations(),
  });
  return {
    settings: gitHub.settings,
    async open(owner, repo, installationId) {
      if (installationId === undefined) throw new Error("the App opens a repository by its installation");
      return {
        repository: (await gitHub.connect(installationId, owner, repo)).repository,
        rules: await gitHub.connectRules(installationId, owner, repo),
      };
    },
  };
}

function usable<T>(read: Parsed<T>): T {
  if (read.kind === "parsed") return read.value;
  throw new UsageError(
    `the environment needs a change:\n${read.problems.map((problem) => `  ${problemText(problem)}`).join("\n")}`,
  );
}

/** Says what is in the way of the gate, and how it is mended. */
export const doctorCommand: Command = { help: HELP, options: OPTIONS, run };
