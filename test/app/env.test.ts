import { expect, test } from "@jest/globals";
import {
  chooseMode,
  type Environment,
  type ReadFile,
  readEnvironment,
  secretsOf,
  type Variables,
} from "../../src/app/env.ts";
import { problemText } from "../../src/core/problem.ts";
import { A_WEBHOOK_SECRET, aPrivateKey } from "../build/keys.ts";

const noFiles: ReadFile = () => {
  throw new Error("there are no files here");
};

const AN_ADMIN_TOKEN = "0f3c5a79b1d2e4f60718293a4b5c6d7e";

const minimal: Variables = { APP_ID: "42", PRIVATE_KEY: aPrivateKey(), WEBHOOK_SECRET: A_WEBHOOK_SECRET };

function environmentOf(env: Variables, readFile = noFiles): Environment {
  const result = readEnvironment(env, readFile);
  if (result.kind === "unusable") throw new Error(result.problems.map(problemText).join("\n"));
  return result.value;
}

function problemsOf(env: Variables): string[] {
  const result = readEnvironment(env, noFiles);
  return result.kind === "unusable" ? result.problems.map(problemText) : [];
}

test("three variables are enough, and the rest has defaults", () => {
  expect(environmentOf(minimal)).toEqual({
    app: { id: 42, privateKey: aPrivateKey().trim(), webhookSecrets: [A_WEBHOOK_SECRET] },
    githubApiUrl: "https://api.github.com",
    http: { host: "127.0.0.1", port: 3000 },
    database: { kind: "directory", path: "./data" },
    role: "all",
    anthropic: undefined,
    openai: undefined,
    models: { draft: "claude-opus-5-5", judge: "claude-opus-5-5", concurrency: 8 },
    outboundAllow: [],
    setupsPerDay: 10,
    agentTokens: new Map(),
    log: { level: "info", format: "auto" },
    adminToken: undefined,
    publicUrl: undefined,
  });
});

test("reads every variable of the contract", () => {
  const environment = environmentOf({
    ...minimal,
    GITHUB_API_URL: "https://ghe.example.com/api/v3/",
    PUBLIC_URL: "https://evals.example.com/app/",
    PORT: "0",
    HOST: "0.0.0.0",
    DATABASE_URL: "postgres://me:pw@db.example.com/evals",
    ROLE: "worker",
    ANTHROPIC_API_KEY: "sk-ant-1",
    ANTHROPIC_BASE_URL: "http://127.0.0.1:4010",
    OPENAI_API_KEY: "sk-1",
    ADMIN_TOKEN: ` ${AN_ADMIN_TOKEN}\n`,
    DRAFT_MODEL: "claude-a",
    JUDGE_MODEL: "claude-b",
    MODEL_CONCURRENCY: "3",
    OUTBOUND_ALLOW: "Agent.example.com, *.internal.example.com,10.0.0.5:8080,[::1]:80,172.16.0.0/12,fd00::/8",
    AGENT_TOKEN_AGENT_EXAMPLE_COM: "a-token",
    LOG_LEVEL: "debug",
    LOG_FORMAT: "json",
  });
  expect(environment).toMatchObject({
    githubApiUrl: "https://ghe.example.com/api/v3",
    http: { host: "0.0.0.0", port: 0 },
    database: { kind: "server", url: "postgres://me:pw@db.example.com/evals" },
    role: "worker",
    anthropic: { apiKey: "sk-ant-1", baseUrl: "http://127.0.0.1:4010" },
    openai: { apiKey: "sk-1", baseUrl: undefined },
    publicUrl: "https://evals.example.com/app",
    adminToken: AN_ADMIN_TOKEN,
    models: { draft: "claude-a", judge: "claude-b", concurrency: 3 },
    outboundAllow: [
      "agent.example.com",
      "*.internal.example.com",
      "10.0.0.5:8080",
      "[::1]:80",
      "172.16.0.0/12",
      "fd00::/8",
    ],
    agentTokens: new Map([["AGENT_TOKEN_AGENT_EXAMPLE_COM", "a-token"]]),
    log: { level: "debug", format: "json" },
  });
});

test.each([
  { form: "with real line breaks", text: aPrivateKey() },
  { form: "with \\n for line breaks", text: aPrivateKey().replaceAll("\n", "\\n") },
  { form: "in base64", text: Buffer.from(aPrivateKey()).toString("base64") },
])("takes the private key $form", ({ text }) => {
  expect(environmentOf({ ...minimal, PRIVATE_KEY: text }).app.privateKey.trim()).toBe(aPrivateKey().trim());
});

test("takes the private key from a file", () => {
  const { PRIVATE_KEY, ...rest } = minimal;
  const files: Readonly<Record<string, string | undefined>> = { "/run/key.pem": PRIVATE_KEY };
  const environment = environmentOf(
    { ...rest, PRIVATE_KEY_PATH: "/run/key.pem" },
    (path) => files[path] ?? noFiles(path),
  );
  expect(environment.app.privateKey).toBe(aPrivateKey().trim());
});

test("takes several webhook secrets while they are rotated", () => {
  const other = A_WEBHOOK_SECRET.split("").reverse().join("");
  const { webhookSecrets } = environmentOf({
    ...minimal,
    WEBHOOK_SECRET: `${other}, ${A_WEBHOOK_SECRET}`,
  }).app;
  expect(webhookSecrets).toEqual([other, A_WEBHOOK_SECRET]);
});

test.each([
  "evals.example.com",
  "https://olga:hunter-five@evals.example.com",
  "https://evals.example.com/?key=1",
  "https://evals.example.com/#top",
  "javascript:alert(1)",
  "https://evals.example.com/)[x](https://elsewhere.example",
])("refuses %s as the address for people, which stands where all can read it", (PUBLIC_URL) => {
  expect(problemsOf({ ...minimal, PUBLIC_URL })).toEqual([
    expect.stringContaining("PUBLIC_URL: expected the address of this server for people, such as"),
  ]);
});

test("an empty variable counts as unset", () => {
  expect(environmentOf({ ...minimal, PORT: "", ANTHROPIC_API_KEY: "", DATABASE_URL: "" })).toEqual(
    environmentOf(minimal),
  );
});

test("names every missing variable at once", () => {
  expect(problemsOf({})).toEqual([
    "APP_ID: expected the App's number, shown on its settings page, got nothing",
    "PRIVATE_KEY: expected the App's private key (PEM), or PRIVATE_KEY_PATH with the path of the .pem file, got nothing",
    "WEBHOOK_SECRET: expected the webhook secret of the App, 32 characters or more (`openssl rand -hex 32` makes one), got nothing",
  ]);
});

test("names every mistake at once", () => {
  const env = {
    APP_ID: "my-app",
    PRIVATE_KEY_PATH: "/nowhere/key.pem",
    WEBHOOK_SECRET: "hunter2",
    GITHUB_API_URL: "api.github.com",
    PORT: "70000",
    DATABASE_URL: "mysql://root:hunter3@db/x",
    ROLE: "wizard",
    OUTBOUND_ALLOW: "https://agent.example.com/",
    MODEL_CONCURRENCY: "0",
    LOG_LEVEL: "loud",
  };
  expect(problemsOf(env).sort()).toEqual([
    'APP_ID: expected a whole number of at least 1, got "my-app"',
    "DATABASE_URL: expected a URL that begins with postgres:// or postgresql://, got a value of 25 characters",
    'GITHUB_API_URL: expected a URL that begins with https:// or http://, got "api.github.com"',
    'LOG_LEVEL: expected one of trace, debug, info, warn, error, fatal, silent, got "loud"',
    'MODEL_CONCURRENCY: expected a whole number from 1 to 256, got "0"',
    'OUTBOUND_ALLOW: expected host names, addresses and networks separated by commas, such as agent.example.com, *.example.com, 10.0.0.5:8080 or 10.0.0.0/8, got "https://agent.example.com/"',
    'PORT: expected a whole number from 0 to 65535, got "70000"',
    "PRIVATE_KEY_PATH: expected the path of the App's .pem file, readable by this process, got /nowhere/key.pem",
    'ROLE: expected one of all, web, worker, got "wizard"',
    "WEBHOOK_SECRET: expected at least 32 characters each (`openssl rand -hex 32` makes one), got a value of 7 characters",
  ]);
});

test.each([
  ["the word that a well-known library falls back to", "development"],
  ["that word until it is long enough", "development".repeat(3)],
  ["a short word until it is long enough", "secret".repeat(6)],
  ["one character", "a".repeat(40)],
  ["a few characters in turn", "abc123".repeat(8)],
  ["a good one and a short one", `${A_WEBHOOK_SECRET},short`],
  ["nothing but commas", ",,,"],
])("refuses a webhook secret that is %s", (_what, WEBHOOK_SECRET) => {
  expect(problemsOf({ ...minimal, WEBHOOK_SECRET })).toEqual([
    expect.stringMatching(/^WEBHOOK_SECRET: expected /),
  ]);
});

test.each([
  ["text", "not a key, whatever it is"],
  ["a public key", "-----BEGIN PUBLIC KEY-----\nMFwwDQYJ\n-----END PUBLIC KEY-----"],
  ["a key that was cut off", aPrivateKey().slice(0, 400)],
])("refuses %s as private key and does not show it", (_what, PRIVATE_KEY) => {
  expect(problemsOf({ ...minimal, PRIVATE_KEY })).toEqual([
    `PRIVATE_KEY: expected an RSA private key in PEM form, with real or \\n line breaks, or the same in base64, got ${PRIVATE_KEY.length} characters that are no such key`,
  ]);
});

test.each([
  ["short", "hunter2"],
  ["of two words", `${AN_ADMIN_TOKEN} and more`],
  ["outside ASCII", `${AN_ADMIN_TOKEN}ü`],
  ["one letter, often", "a".repeat(40)],
])("refuses an administrator's token that is %s", (_how, ADMIN_TOKEN) => {
  expect(problemsOf({ ...minimal, ADMIN_TOKEN })).toEqual([
    "ADMIN_TOKEN: expected 32 characters or more, random and without blanks (`openssl rand -hex 32` makes one), " +
      `got a value of ${ADMIN_TOKEN.length} characters`,
  ]);
});

test("no message shows a secret", () => {
  const secrets = {
    WEBHOOK_SECRET: "hunter-two",
    PRIVATE_KEY: "hunter-three",
    DATABASE_URL: "hunter-four",
    ADMIN_TOKEN: "hunter-five",
  };
  expect(problemsOf(secrets).join("\n")).not.toContain("hunter");
});

test("lists all secrets for those who must hide them", () => {
  const env = {
    ...minimal,
    ANTHROPIC_API_KEY: "sk-ant",
    OPENAI_API_KEY: "sk-openai",
    DATABASE_URL: "postgres://me:p%40ss@db/x",
    ADMIN_TOKEN: AN_ADMIN_TOKEN,
    ANTHROPIC_BASE_URL: "https://me:of-the-proxy@proxy.example.com",
  };
  expect(secretsOf(environmentOf(env))).toEqual([
    aPrivateKey().trim(),
    A_WEBHOOK_SECRET,
    "sk-ant",
    "sk-openai",
    AN_ADMIN_TOKEN,
    "postgres://me:p%40ss@db/x",
    "p%40ss",
    "p@ss",
    "of-the-proxy",
  ]);
});

test("a password that is not encoded as addresses are is hidden as it stands", () => {
  expect(secretsOf(environmentOf({ ...minimal, DATABASE_URL: "postgres://me:100%sure@db/x" }))).toContain(
    "100%sure",
  );
});

test.each([
  { env: {}, mode: "sandbox" },
  { env: { APP_ID: "", WEBHOOK_SECRET: "" }, mode: "sandbox" },
  { env: { ANTHROPIC_API_KEY: "sk" }, mode: "sandbox" },
  { env: { NODE_ENV: "production" }, mode: "server" },
  { env: { APP_ID: "1" }, mode: "server" },
  { env: { PRIVATE_KEY_PATH: "/k" }, mode: "server" },
  { env: { WEBHOOK_SECRET: "s" }, mode: "server" },
])("with $env it is the $mode", ({ env, mode }) => {
  expect(chooseMode(env)).toBe(mode);
});

test.each([
  ["off", 0],
  ["0", 0],
  ["25", 25],
])("SETUP_PULL_REQUESTS %j lets %i setups be proposed a day", (SETUP_PULL_REQUESTS, setups) => {
  expect(environmentOf({ ...minimal, SETUP_PULL_REQUESTS }).setupsPerDay).toBe(setups);
});

test.each(["on", "-1", "101", "1.5"])("SETUP_PULL_REQUESTS %j is refused", (SETUP_PULL_REQUESTS) => {
  expect(problemsOf({ ...minimal, SETUP_PULL_REQUESTS }).join()).toContain("off, or how many a day");
});
