import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createCommandAgents } from "../../../src/adapters/agent/command-agent.ts";
import { createHttpAgents } from "../../../src/adapters/agent/http-agent.ts";
import type { Agent } from "../../../src/core/agent/agent.ts";
import type { OutsideAgents } from "../../../src/core/agent/outside.ts";
import { runTrial } from "../../../src/core/trial/run-trial.ts";
import { aFixture } from "../../build/fixtures.ts";
import { aTrialSetting } from "../../build/models.ts";
import { aCommandAgent, anHttpAgent } from "../../build/outside-agents.ts";
import { until } from "../../build/until.ts";

const SHA = anHttpAgent().commit;
let folder: string;
let model: Server;
let agentServer: ChildProcess;
let agentPort: number;
let environment: Record<string, string | undefined>;

/** The model that the examples ask: it reads the order first, and then says its total. */
async function answerAsModel(request: Parameters<typeof json>[0]): Promise<string> {
  const { messages } = JSON.parse(JSON.stringify(await json(request)));
  const last = messages.at(-1);
  const call = {
    id: "call_1",
    type: "function",
    function: { name: "read_order", arguments: '{"order_id":"o1"}' },
  };
  const message =
    last.role === "tool"
      ? { role: "assistant", content: `The total is ${JSON.parse(last.content).total}.` }
      : { role: "assistant", content: null, tool_calls: [call] };
  return JSON.stringify({ choices: [{ message }], usage: { prompt_tokens: 100, completion_tokens: 10 } });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Takes the code blocks that begin with the name of a file out of the README. */
async function writeExamples(): Promise<void> {
  const readme = await readFile(new URL("../../../README.md", import.meta.url), "utf8");
  const blocks = [...readme.matchAll(/```js\n\/\/ (\S+\.mjs)\n([\s\S]*?)```/g)];
  expect(blocks.map((block) => block[1])).toEqual(["eval-agent.mjs", "eval-server.mjs"]);
  for (const [, name = "", code = ""] of blocks) await writeFile(join(folder, name), code);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "readme-examples-"));
  await writeExamples();
  model = createServer(async (request, response) => response.end(await answerAsModel(request)));
  const OPENAI_BASE_URL = `http://127.0.0.1:${await listen(model)}`;
  environment = { PATH: process.env.PATH, OPENAI_BASE_URL, OPENAI_API_KEY: "key" };

  const free = createServer();
  agentPort = await listen(free);
  await new Promise((resolve) => free.close(resolve));
  agentServer = spawn(process.execPath, ["eval-server.mjs"], {
    cwd: folder,
    env: { ...environment, PORT: String(agentPort), EVAL_TOKEN: "token", GIT_SHA: SHA },
  });
  await until(
    () =>
      new Promise((resolve) => {
        const socket = connect(agentPort, "127.0.0.1", () => resolve(true));
        socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
      }),
  );
});
afterAll(async () => {
  agentServer.kill();
  model.closeAllConnections();
  model.close();
  await rm(folder, { recursive: true, force: true });
});

async function tried(agent: Agent, outside: OutsideAgents) {
  const fixture = aFixture({
    tools: { read_order: { when: { order_id: "o1" }, return: { total: 480 } } },
    expect: {
      stop_reason: "completed",
      trajectory: { required: ["tool:read_order"], arguments: { read_order: { order_id: "o1" } } },
      output: { must_contain: ["The total is 480."] },
      budget: { tokens: 220, turns: 2 },
    },
  });
  return await runTrial(aTrialSetting({ agents: new Map([["refund", agent]]), fixture, outside }));
}

test("the README's command goes through a fixture", async () => {
  const run = createCommandAgents({ folder, environment, concurrency: 1 });
  const agent = aCommandAgent({
    command: [process.execPath, "eval-agent.mjs"],
    environment: ["OPENAI_API_KEY", "OPENAI_BASE_URL"],
    timeoutMs: 20_000,
  });
  expect(await tried(agent, { command: { run, commit: SHA } })).toMatchObject({ status: "passed" });
});

test("the README's server goes through a fixture, and only for who has the token", async () => {
  const agent = anHttpAgent({ endpoint: `http://127.0.0.1:${agentPort}/eval`, timeoutMs: 20_000 });
  const way = (token: string) => ({
    http: createHttpAgents({
      allow: ["127.0.0.1"],
      tokens: new Map([["AGENT_TOKEN_127_0_0_1", token]]),
      concurrency: 1,
    }),
  });
  expect(await tried(agent, way("token"))).toMatchObject({ status: "passed" });
  expect(await tried(agent, way("guessed"))).toMatchObject({
    status: "errored",
    retryable: false,
    because: expect.stringContaining("401"),
  });
});
