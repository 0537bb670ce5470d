import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createCommandAgents } from "../../../src/adapters/agent/command-agent.ts";
import type { CommandAgent } from "../../../src/core/agent/agent.ts";
import type { Trajectory } from "../../../src/core/trajectory/trajectory.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import { aFixture } from "../../build/fixtures.ts";
import { aCommandAgent, anAnswer } from "../../build/outside-agents.ts";
import { until } from "../../build/until.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "command-agent-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a script as the agent, in the folder of the checkout. */
async function run(
  script: string,
  agent: Partial<CommandAgent> = {},
  signal = new AbortController().signal,
): Promise<Trajectory> {
  await writeFile(join(folder, "agent.cjs"), script);
  const environment = { PATH: process.env.PATH, OPENAI_API_KEY: "named", GITHUB_TOKEN: "secret" };
  const ask = createCommandAgents({ folder, environment, concurrency: 2 });
  const command = [process.execPath, "agent.cjs", "$(touch pwned)", "; exit 3"];
  return await ask(aCommandAgent({ command, ...agent }), aFixture(), signal);
}

const ANSWER = JSON.stringify(anAnswer());
const SAYS = `process.stdout.write(JSON.stringify({ ...${ANSWER}, output: String(said) }));`;

async function whyNot(script: string, agent: Partial<CommandAgent> = {}): Promise<string> {
  const outcome: unknown = await run(script, agent).catch((error: unknown) => error);
  if (outcome instanceof ExternalFailure && !outcome.retryable) return outcome.message;
  throw new Error(`expected an ExternalFailure, got ${String(outcome)}`);
}

test("the case goes in as JSON, and what the agent did comes out", async () => {
  const read = `let text = ""; process.stdin.on("data", (d) => (text += d)).on("end", () => { const said = JSON.parse(text).messages[0].content; ${SAYS} });`;
  expect(await run(read)).toMatchObject({
    output: aFixture().input.messages[0]?.content,
    turns: 2,
    spans: [{ kind: "model" }, { name: "tool:read_order", recording: "read_order[0]" }, { kind: "model" }],
  });
});

test("arguments reach the program as they stand, and no shell reads them", async () => {
  const { output } = await run(`const said = JSON.stringify(process.argv.slice(2)); ${SAYS}`);
  expect(JSON.parse(output)).toEqual(["$(touch pwned)", "; exit 3"]);
});

test("the program sees the variables that the configuration names, and no others", async () => {
  const script = `const said = JSON.stringify(process.env); ${SAYS}`;
  const seen = JSON.parse((await run(script, { environment: ["OPENAI_API_KEY", "NOT_SET"] })).output);
  expect(
    Object.keys(seen)
      .filter((name) => name !== "__CF_USER_TEXT_ENCODING")
      .sort(),
  ).toEqual(["OPENAI_API_KEY", "PATH"]);
});

test("a program that does not read its input may answer all the same", async () => {
  expect((await run(`const said = "quick"; process.stdin.destroy(); ${SAYS}`)).output).toBe("quick");
});

test.each([
  {
    name: "fails",
    script: 'console.error("no model"); process.exit(7)',
    because: "exit code 7; the last of what it said: no model",
  },
  { name: "says nothing", script: "", because: "not of the published shape" },
  {
    name: "writes 10 MB",
    script: 'process.stdout.write("x".repeat(10 * 1024 * 1024))',
    because: "wrote more than 8388608 bytes",
  },
  {
    name: "writes for ever",
    script: 'setInterval(() => process.stdout.write("x".repeat(65536)), 0)',
    because: "wrote more than",
  },
  { name: "writes no UTF-8", script: "process.stdout.write(Buffer.from([0x7b, 0xff]))", because: "no UTF-8" },
  { name: "ends itself", script: 'process.kill(process.pid, "SIGTERM")', because: "was ended by SIGTERM" },
  {
    name: "names another commit",
    script: `process.stdout.write(JSON.stringify({ ...${ANSWER}, commit: "other" }))`,
    because: "another",
  },
])("a program that $name gave no answer", async ({ name, script, because }) => {
  if (name === "names another commit") {
    await expect(run(script)).rejects.toMatchObject({
      message: expect.stringContaining("it ran the commit other"),
    });
    return;
  }
  expect(await whyNot(script)).toContain(because);
});

test("a program that is not there is said by its fault", async () => {
  expect(await whyNot("", { command: ["./no-such-agent"] })).toContain("could not be started");
});

test("a program that never ends is ended in time, with all that it started", async () => {
  const script = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    require("node:fs").writeFileSync("child.pid", String(child.pid));
    process.on("SIGTERM", () => {});
    setInterval(() => {}, 1000);`;
  expect(await whyNot(script, { timeoutMs: 1_000 })).toContain("did not end within 1000 ms");
  await expectGone(Number(await readFile(join(folder, "child.pid"), "utf8")));
});

test("what a program leaves behind does not keep its answer back, and is ended", async () => {
  const script = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    const said = child.pid; child.unref(); ${SAYS}`;
  const { output } = await run(script);
  await expectGone(Number(output));
});

test("a run that is given up ends the program", async () => {
  const stopper = new AbortController();
  setTimeout(() => stopper.abort(new Error("stopped")), 50);
  await expect(run("setInterval(() => {}, 1000)", {}, stopper.signal)).rejects.toThrow("stopped");
});

async function expectGone(pid: number): Promise<void> {
  await until(async () => {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    // One that nobody has collected yet is there by its number only.
    return / Z /.test(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
  });
}
