import { z } from "zod";
import { type Parsed, type Problem, parsed, unusable } from "../core/problem.ts";
import {
  adminToken,
  hostList,
  privateKeyPem,
  publicUrl,
  setupsPerDay,
  url,
  webhookSecrets,
} from "./env-values.ts";

/** The variables that make this a GitHub App; with none of them set, `npm start` shows the sandbox. */
const APP_VARIABLES = ["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET"] as const;
const DEFAULT_MODEL = "claude-opus-5-5";
/** Enough to begin with, and few enough that an organisation of 500 repositories is not flooded. */
const SETUPS_PER_DAY_DEFAULT = "10";
const MODEL_CONCURRENCY_MAX = 256;

/** Variables as the process has them. */
export type Variables = Readonly<Record<string, string | undefined>>;
/** Reads a text file; a rejection of the system is thrown. */
export type ReadFile = (path: string) => string;

/** The variables as a person sets them, with their defaults; the message of each says what it should hold. */
const variables = z.object({
  APP_ID: z.string({ error: "the App's number, shown on its settings page" }).transform(wholeNumber(1)),
  PRIVATE_KEY: z.string({
    error: "the App's private key (PEM), or PRIVATE_KEY_PATH with the path of the .pem file",
  }),
  WEBHOOK_SECRET: z
    .string({
      error: "the webhook secret of the App, 32 characters or more (`openssl rand -hex 32` makes one)",
    })
    .transform(webhookSecrets),
  GITHUB_API_URL: z
    .string()
    .default("https://api.github.com")
    .transform(url(["https:", "http:"])),
  PORT: z.string().default("3000").transform(wholeNumber(0, 65_535)),
  HOST: z.string().default("127.0.0.1"),
  PUBLIC_URL: z.string().transform(publicUrl).optional(),
  DATABASE_URL: z
    .string()
    .transform(url(["postgres:", "postgresql:"]))
    .optional(),
  DATA_DIR: z.string().default("./data"),
  ROLE: choice(["all", "web", "worker"], "all"),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: z
    .string()
    .transform(url(["https:", "http:"]))
    .optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: z
    .string()
    .transform(url(["https:", "http:"]))
    .optional(),
  DRAFT_MODEL: z.string().default(DEFAULT_MODEL),
  JUDGE_MODEL: z.string().default(DEFAULT_MODEL),
  MODEL_CONCURRENCY: z.string().default("8").transform(wholeNumber(1, MODEL_CONCURRENCY_MAX)),
  ADMIN_TOKEN: z.string().transform(adminToken).optional(),
  OUTBOUND_ALLOW: z.string().default("").transform(hostList),
  SETUP_PULL_REQUESTS: z.string().default(SETUPS_PER_DAY_DEFAULT).transform(setupsPerDay),
  LOG_LEVEL: choice(["trace", "debug", "info", "warn", "error", "fatal", "silent"], "info"),
  LOG_FORMAT: choice(["auto", "pretty", "json"], "auto"),
});

type Values = z.output<typeof variables>;

const modelVariables = variables.pick({
  ANTHROPIC_API_KEY: true,
  ANTHROPIC_BASE_URL: true,
  DRAFT_MODEL: true,
  JUDGE_MODEL: true,
  MODEL_CONCURRENCY: true,
  OPENAI_API_KEY: true,
  OPENAI_BASE_URL: true,
  OUTBOUND_ALLOW: true,
});

/** A provider of models that the operator has a key for. */
export interface ProviderAccess {
  readonly apiKey: string;
  readonly baseUrl: string | undefined;
}

/** Everything that the process is told from outside. */
export interface Environment {
  readonly app: {
    readonly id: number;
    /** PEM with real line breaks. */
    readonly privateKey: string;
    /** One or more; more while the operator rotates them. */
    readonly webhookSecrets: readonly string[];
  };
  readonly githubApiUrl: string;
  readonly http: { readonly host: string; readonly port: number };
  /** Under which people reach this server; without it nothing that we write leads here. */
  readonly publicUrl: string | undefined;
  /** Opens the pages and actions of operation; without it there are none. */
  readonly adminToken: string | undefined;
  readonly database:
    | { readonly kind: "directory"; readonly path: string }
    | { readonly kind: "server"; readonly url: string };
  readonly role: Values["ROLE"];
  readonly anthropic: ProviderAccess | undefined;
  readonly openai: ProviderAccess | undefined;
  readonly models: { readonly draft: string; readonly judge: string; readonly concurrency: number };
  /** Setups that an installation is proposed in a day; 0 switches them off. */
  readonly setupsPerDay: number;
  /** Hosts, with or without a port, that may be reached besides GitHub and the model providers. */
  readonly outboundAllow: readonly string[];
  /** Tokens for agents behind an address, by the names of their variables, which name the host. */
  readonly agentTokens: ReadonlyMap<string, string>;
  readonly log: { readonly level: Values["LOG_LEVEL"]; readonly format: Values["LOG_FORMAT"] };
}

/** Tells whether `npm start` shows the sandbox or runs the real App. */
export function chooseMode(env: Variables): "sandbox" | "server" {
  const isUnset = APP_VARIABLES.every((name) => (env[name] ?? "") === "");
  return isUnset && env.NODE_ENV !== "production" ? "sandbox" : "server";
}

/** Reads the environment, or says everything that is wrong with it; no message shows a secret. */
export function readEnvironment(env: Variables, readFile: ReadFile): Parsed<Environment> {
  const problems: Problem[] = [];
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const withKey = { ...given, PRIVATE_KEY: privateKeyText(given, readFile, problems) };
  const result = variables.safeParse(withKey);
  for (const issue of result.error?.issues ?? []) {
    problems.push(problemOf(String(issue.path[0]), issue, given));
  }
  const known = new Set(problems.map((problem) => problem.at));
  const pem = privateKeyPem(withKey.PRIVATE_KEY ?? "");
  if (withKey.PRIVATE_KEY !== undefined && pem === undefined && !known.has("PRIVATE_KEY_PATH")) {
    problems.push({
      at: given.PRIVATE_KEY === undefined ? "PRIVATE_KEY_PATH" : "PRIVATE_KEY",
      expected: "an RSA private key in PEM form, with real or \\n line breaks, or the same in base64",
      got: `${withKey.PRIVATE_KEY.length} characters that are no such key`,
    });
  }
  if (!result.success || pem === undefined || problems.length > 0) return unusable(problems);
  return parsed(environmentOf(result.data, pem, given));
}

/** The part of the environment that the models need: all that the command line reads. */
export type ModelEnvironment = Pick<
  Environment,
  "anthropic" | "openai" | "models" | "outboundAllow" | "agentTokens"
>;

/** Reads who answers for the models, or says everything that is wrong with it; no message shows a key. */
export function readModelEnvironment(env: Variables): Parsed<ModelEnvironment> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = modelVariables.safeParse(given);
  if (!result.success) {
    return unusable(result.error.issues.map((issue) => problemOf(String(issue.path[0]), issue, given)));
  }
  return parsed(modelsIn(result.data, given));
}

/** Lists every secret of an environment, to be kept out of logs and messages. */
export function secretsOf(environment: Environment): readonly string[] {
  const { app, anthropic, openai, database, adminToken, agentTokens, githubApiUrl } = environment;
  const databaseUrl = database.kind === "server" ? database.url : undefined;
  const secrets = [
    app.privateKey,
    ...app.webhookSecrets,
    anthropic?.apiKey,
    openai?.apiKey,
    adminToken,
    ...agentTokens.values(),
    databaseUrl,
    ...[databaseUrl, anthropic?.baseUrl, openai?.baseUrl, githubApiUrl].flatMap(passwordsIn),
  ];
  return [...new Set(secrets.filter((secret): secret is string => secret !== undefined && secret !== ""))];
}

/** The password inside an address, as it stands there and as it is meant. */
function passwordsIn(address: string | undefined): readonly string[] {
  const password = address === undefined ? "" : new URL(address).password;
  try {
    return [password, decodeURIComponent(password)];
  } catch (cause) {
    // A percent sign that encodes nothing stands for itself.
    if (cause instanceof URIError) return [password];
    throw cause;
  }
}

function environmentOf(values: Values, privateKey: string, given: Variables): Environment {
  return {
    app: { id: values.APP_ID, privateKey, webhookSecrets: values.WEBHOOK_SECRET },
    githubApiUrl: values.GITHUB_API_URL,
    http: { host: values.HOST, port: values.PORT },
    publicUrl: values.PUBLIC_URL,
    adminToken: values.ADMIN_TOKEN,
    database:
      values.DATABASE_URL === undefined
        ? { kind: "directory", path: values.DATA_DIR }
        : { kind: "server", url: values.DATABASE_URL },
    role: values.ROLE,
    ...modelsIn(values, given),
    setupsPerDay: values.SETUP_PULL_REQUESTS,
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT },
  };
}

function modelsIn(values: z.output<typeof modelVariables>, given: Variables): ModelEnvironment {
  return {
    anthropic: access(values.ANTHROPIC_API_KEY, values.ANTHROPIC_BASE_URL),
    openai: access(values.OPENAI_API_KEY, values.OPENAI_BASE_URL),
    outboundAllow: values.OUTBOUND_ALLOW,
    agentTokens: tokensIn(given),
    models: {
      draft: values.DRAFT_MODEL,
      judge: values.JUDGE_MODEL,
      concurrency: values.MODEL_CONCURRENCY,
    },
  };
}

const AGENT_TOKEN = /^AGENT_TOKEN_[A-Z0-9_]{1,200}$/;

function tokensIn(given: Variables): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(given).flatMap(([name, value]) =>
      AGENT_TOKEN.test(name) && value !== undefined ? [[name, value.trim()]] : [],
    ),
  );
}

function access(apiKey: string | undefined, baseUrl: string | undefined): ProviderAccess | undefined {
  return apiKey === undefined ? undefined : { apiKey, baseUrl };
}

/** The text of the key as given; PRIVATE_KEY goes before PRIVATE_KEY_PATH. */
function privateKeyText(given: Variables, readFile: ReadFile, problems: Problem[]): string | undefined {
  const path = given.PRIVATE_KEY_PATH;
  if (given.PRIVATE_KEY !== undefined || path === undefined) return given.PRIVATE_KEY;
  try {
    return readFile(path);
  } catch {
    problems.push({
      at: "PRIVATE_KEY_PATH",
      expected: "the path of the App's .pem file, readable by this process",
      got: path,
    });
    // Not missing: the one problem is said above.
    return "";
  }
}

const SECRET_VARIABLES = new Set([
  "PRIVATE_KEY",
  "WEBHOOK_SECRET",
  "DATABASE_URL",
  "ANTHROPIC_API_KEY",
  "OPENAI_API_KEY",
  "ADMIN_TOKEN",
]);

function problemOf(at: string, issue: z.core.$ZodIssue, given: Variables): Problem {
  const value = given[at];
  if (value === undefined) return { at, expected: issue.message, got: "nothing" };
  return {
    at,
    expected: issue.message,
    got: SECRET_VARIABLES.has(at) ? `a value of ${value.length} characters` : JSON.stringify(value),
  };
}

function choice<const T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) {
  return z
    .enum(values, { error: `one of ${values.join(", ")}` })
    .default(fallback as z.core.util.NoUndefined<T[number]>);
}

function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER) {
  const expected =
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${min}`
      : `a whole number from ${min} to ${max}`;
  return (text: string, context: z.core.$RefinementCtx<string>): number => {
    const value = Number(text);
    if (/^\d{1,16}$/.test(text.trim()) && value >= min && value <= max) return value;
    context.issues.push({ code: "custom", message: expected, input: text });
    return z.NEVER;
  };
}
