import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { types } from "node:util";
import { z } from "zod";
import { commandTools, httpTools } from "../adapters/agent/tool-runners.ts";
import { askGit } from "../adapters/checkout/run-git.ts";
import { problemText } from "../core/problem.ts";
import { readYaml } from "../core/yaml.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import type { ToolRunner } from "../ports/tool-runner.ts";
import { type Terminal, UsageError } from "./command.ts";
import { readCount } from "./read-arguments.ts";

const RUNNER_FILE = ".incident-to-eval/tools.yml";
const TIMEOUT_SECONDS_DEFAULT = 30;
const TIMEOUT_SECONDS_MAX = 600;

/** The options that say where the real tools are. */
export const TOOL_OPTIONS = {
  url: { type: "string" },
  "token-env": { type: "string" },
  env: { type: "string", multiple: true },
  timeout: { type: "string" },
  runner: { type: "string" },
} as const;

interface ToolValues {
  readonly url?: string | undefined;
  readonly "token-env"?: string | undefined;
  readonly env?: readonly string[] | undefined;
  readonly timeout?: string | undefined;
  readonly runner?: string | undefined;
}

const name = z.string().regex(/^[A-Za-z_]\w{0,99}$/, "expected the name of a variable");
const runnerSchema = z
  .strictObject({
    command: z.array(z.string().min(1).max(4_000)).min(1).max(100).optional(),
    url: z.url({ protocol: /^https?$/ }).optional(),
    token_env: name.optional(),
    env: z.array(name).max(100).default([]),
    timeout_seconds: z.int().min(1).max(TIMEOUT_SECONDS_MAX).default(TIMEOUT_SECONDS_DEFAULT),
  })
  .refine((one) => (one.command === undefined) !== (one.url === undefined), {
    message: "expected one of command, url",
  });
type Runner = z.output<typeof runnerSchema>;

/** Opens the way to the real tools that the command line names, or a file that is no part of the repository. */
export async function openTools(
  values: ToolValues,
  command: readonly string[],
  top: string,
  terminal: Terminal,
): Promise<ToolRunner> {
  const isSaid = values.url !== undefined || command.length > 0;
  const runner = isSaid ? saidRunner(values, command) : await runnerInFile(values.runner, top, terminal);
  const timeoutMs = runner.timeout_seconds * 1_000;
  if (runner.url !== undefined) {
    const token = runner.token_env === undefined ? undefined : tokenIn(runner.token_env, terminal);
    return httpTools({ url: new URL(runner.url), token, timeoutMs });
  }
  const program = { command: runner.command ?? [], environment: runner.env, timeoutMs };
  return commandTools(program, { folder: terminal.folder, environment: terminal.environment });
}

function saidRunner(values: ToolValues, command: readonly string[]): Runner {
  const read = runnerSchema.safeParse({
    ...(command.length === 0 ? {} : { command }),
    ...(values.url === undefined ? {} : { url: values.url }),
    ...(values["token-env"] === undefined ? {} : { token_env: values["token-env"] }),
    env: values.env ?? [],
    timeout_seconds: readCount("timeout", values.timeout, TIMEOUT_SECONDS_MAX),
  });
  if (read.success) return read.data;
  const said = read.error.issues.map(({ path, message }) => `${path.join(".") || "the tools"}: ${message}`);
  throw new UsageError(`record takes --url or -- COMMAND: ${said.join("; ")}`);
}

/** A file that git knows came with the repository, and whoever wrote that must not choose what is run here. */
async function runnerInFile(named: string | undefined, top: string, { folder }: Terminal): Promise<Runner> {
  const path = named === undefined ? join(top, RUNNER_FILE) : resolve(folder, named);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const why =
      named === undefined ? "there is none" : types.isNativeError(cause) ? cause.message : "unknown fault";
    throw new UsageError(
      `record needs your tools: --url URL, -- COMMAND …, or ${named ?? RUNNER_FILE} (${why})`,
    );
  });
  if (await isKnownToGit(top, path))
    throw new UsageError(
      `${named ?? RUNNER_FILE} is part of the repository, and what is run here must not come with it: use a file that git does not know`,
    );
  const read = readYaml(text, runnerSchema);
  if (read.kind === "parsed") return read.value.value;
  throw new UsageError(`${named ?? RUNNER_FILE}: ${read.problems.map(problemText).join("; ")}`);
}

async function isKnownToGit(top: string, path: string): Promise<boolean> {
  try {
    const printed = await askGit(top, ["ls-files", "-z", "--", path]);
    return printed !== "";
  } catch (error) {
    // A path outside of the checkout is not git's.
    if (error instanceof ExternalFailure) return false;
    throw error;
  }
}

function tokenIn(variable: string, { environment }: Terminal): string {
  const token = environment[variable];
  if (token !== undefined && token !== "") return token;
  throw new UsageError(`the variable ${variable} is not set, and --token-env names it`);
}
