import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type ScriptedModel, startScriptedModel } from "../../src/adapters/emulator/scripted-model.ts";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { aDeskFixture, DESK_FILES, deskScript } from "../build/desk-agent.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const SLOW = { "evals/slow.yml": aDeskFixture("slow", "blocking", "take your time") };

let model: ScriptedModel;
let checkout: TestCheckout;
let home: string;
let installed: string;

/** Packs and unpacks as an installation would; the libraries are those of this checkout. */
beforeAll(async () => {
  model = await startScriptedModel(deskScript());
  checkout = makeCheckout({ ...DESK_FILES, ...SLOW });
  home = mkdtempSync(join(tmpdir(), "package-"));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", home], { cwd: ROOT, stdio: "pipe" });
  const [tarball = ""] = execFileSync("ls", [home], { encoding: "utf8" }).split("\n");
  installed = join(home, "node_modules", "incident-to-eval");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["xzf", join(home, tarball), "--strip-components=1", "-C", installed]);
  symlinkSync(join(ROOT, "node_modules"), join(installed, "node_modules"));
}, 60_000);

afterAll(async () => {
  await model.close();
  checkout.remove();
  rmSync(home, { recursive: true, force: true });
});

/** Starts the packed command line in the checkout. */
function start(args: readonly string[], nodeArguments: readonly string[] = []) {
  const env = { PATH: process.env.PATH, ANTHROPIC_API_KEY: "a-key", ANTHROPIC_BASE_URL: model.url };
  const main = join(installed, "dist", "cli", "main.js");
  return spawn(process.execPath, [...nodeArguments, main, ...args], { cwd: checkout.folder, env });
}

async function ended(child: ReturnType<typeof start>) {
  let printed = "";
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, "close");
  return { code, printed, said };
}

test("the package holds compiled code and what commands copy, and neither sources nor tests", () => {
  const has = (path: string) => existsSync(join(installed, path));
  expect(["src", "test", "bench", "evals/golden"].filter(has)).toEqual([]);
  const needed = [
    "dist/app/main.js",
    "evals/templates",
    "evals/schema",
    "evals/demo/repository/.github",
    "app.yml",
  ];
  expect(needed.filter((path) => !has(path))).toEqual([]);
});

test("the packed command line helps, prepares a repository, and runs fixtures", async () => {
  expect(await ended(start(["--help"]))).toMatchObject({
    code: 0,
    printed: expect.stringContaining("Usage:"),
  });
  expect(await ended(start(["init"]))).toMatchObject({
    code: 0,
    printed: expect.stringContaining("wrote evals/schema"),
  });
  const run = await ended(start(["run", "--filter", "golden"]));
  expect(run).toMatchObject({ code: 0, printed: expect.stringContaining("2 held") });
});

test("Ctrl+C ends a run with 130", async () => {
  const before = model.requests().length;
  const child = start(["run", "--filter", "slow"]);
  const end = ended(child);
  while (model.requests().length === before) await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill("SIGINT");
  expect(await end).toMatchObject({ code: 130, said: expect.stringContaining("stopped") });
});

test("an older Node is told so in one sentence", async () => {
  const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})";
  expect(await ended(start(["run"], ["--import", older]))).toEqual({
    code: 2,
    printed: "",
    said: "incident-to-eval needs Node 24 or newer, this is 20.20.2.\n",
  });
});
