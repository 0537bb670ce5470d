import { readFileSync } from "node:fs";
import process from "node:process";
import { DirectoryInUse } from "../adapters/postgres/directory-lock.ts";
import { problemText } from "../core/problem.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import { chooseMode, readEnvironment, secretsOf } from "./env.ts";
import { knownSecrets } from "./known-secrets.ts";
import { createLogger } from "./log.ts";
import { stopOnSignals } from "./shutdown.ts";
import { startServer } from "./wiring.ts";

/** What went wrong is in the environment: nothing to do before somebody changed it. */
const EXIT_MISCONFIGURED = 2;

async function main(): Promise<void> {
  if (chooseMode(process.env) === "sandbox") {
    const { startSandbox } = await import("./sandbox.ts");
    return await startSandbox(process);
  }
  const read = readEnvironment(process.env, (path) => readFileSync(path, "utf8"));
  if (read.kind === "unusable") {
    const list = read.problems.map((problem) => `  ${problemText(problem)}`).join("\n");
    process.stderr.write(`incident-to-eval cannot start; the environment needs a change:\n${list}\n`);
    process.exitCode = EXIT_MISCONFIGURED;
    return;
  }
  const environment = read.value;
  const secrets = knownSecrets(secretsOf(environment));
  const log = createLogger({ ...environment.log, secrets, sink: process.stdout });
  const server = await startServer(environment, log, environment.database, {}, secrets);
  stopOnSignals({ stop: server.stop, log, process });
  log.info({ url: server.url, role: environment.role, github: environment.githubApiUrl }, "listening");
  if (environment.anthropic === undefined) {
    log.warn(
      "ANTHROPIC_API_KEY is not set: incidents are drafted from their form alone, and suites cannot run",
    );
  }
  await server.working;
}

try {
  await main();
} catch (cause) {
  if (!(cause instanceof DirectoryInUse) && !(cause instanceof ExternalFailure)) throw cause;
  process.stderr.write(`incident-to-eval cannot start: ${cause.message}\n`);
  // A front that listens already would keep the process alive.
  process.exit(EXIT_MISCONFIGURED);
}
