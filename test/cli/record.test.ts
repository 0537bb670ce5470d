import { createServer, type Server } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { parseScript } from "../../src/adapters/emulator/script.ts";
import { type ScriptedModel, startScriptedModel } from "../../src/adapters/emulator/scripted-model.ts";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { callCommandLine } from "../build/command-line.ts";
import { DESK_FILES } from "../build/desk-agent.ts";
import { expectGolden } from "../build/golden.ts";

const PATH = "evals/golden/look-up.yml";
const FIXTURE = `# Kept by the desk.
id: look-up
level: warning
agent: desk
input:
  messages: [{ role: user, content: Please look it up. }]
tools:
  read_order: { when: { order_id: other }, return: {} } # an older one
expect:
  output: { must_not_contain: [refunded] } # never promise it
`;
const SCRIPT = `rules:
  - when: { not_called: read_order }
    reply: { tool_use: [{ name: read_order, input: { order_id: ord_1 } }] }
  - when: { not_called: get_person }
    reply: { tool_use: [{ name: get_person, input: { email: "[email-1]" } }] }
  - when: { any_user_contains: leak, not_called: find_person }
    reply: { tool_use: [{ name: find_person, input: { email: john.doe@shop-mail.com } }] }
  - when: { any_user_contains: pay, not_called: issue_refund }
    reply: { tool_use: [{ name: issue_refund, input: { order_id: ord_1 } }] }
  - reply: { text: I ask a colleague. }
`;
const TOOLS = JSON.stringify(
  ["read_order", "get_person", "find_person", "issue_refund"].map((name) => ({
    name,
    description: name,
    input_schema: { type: "object" },
  })),
);
const TOOLS_PROGRAM = `
let text = "";
process.stdin.on("data", (part) => { text += part; });
process.stdin.on("end", () => {
  const { tool, arguments: given } = JSON.parse(text);
  const answers = {
    read_order: { return: { total: 480, customer: { email: "jane.roe@shop-mail.com" }, key: process.env.SEEN ?? "none" } },
    get_person: given.email === "jane.roe@shop-mail.com" ? { return: { tier: "gold" } } : { error: "nobody is called " + given.email },
    issue_refund: { return: { ok: true } },
  };
  console.log(JSON.stringify(answers[tool]));
});
`;

let model: ScriptedModel;
let checkout: TestCheckout;
let server: Server | undefined;
beforeAll(async () => {
  const script = parseScript(SCRIPT);
  if (script.kind === "unusable") throw new Error("the script is broken");
  model = await startScriptedModel(script.value);
});
afterAll(async () => {
  await model.close();
});
beforeEach(() => {
  checkout = makeCheckout({
    ...DESK_FILES,
    "agent/tools.json": TOOLS,
    [PATH]: FIXTURE,
    "tools.cjs": TOOLS_PROGRAM,
  });
});
afterEach(() => {
  checkout.remove();
  server?.close();
  server = undefined;
});

async function record(...args: string[]) {
  const environment = {
    ANTHROPIC_API_KEY: "a-key",
    ANTHROPIC_BASE_URL: model.url,
    PATH: process.env.PATH,
    SEEN: "yes",
  };
  return await callCommandLine(["record", ...args], { folder: checkout.folder, environment });
}
const COMMAND = ["--", process.execPath, "tools.cjs"];

test("real tools answer, what is personal is taken out, and the change is shown and not written", async () => {
  const { code, printed, said } = await record("look-up", ...COMMAND);
  expect(`${said}${printed}`).not.toContain("jane.roe");
  expectGolden("cli/record.txt", `${said}\n${printed}`);
  expect(code).toBe(0);
  expect(checkout.read(PATH)).toBe(FIXTURE);
});

test("--write keeps comments, and the recorded fixture then runs without a tool", async () => {
  expect((await record(PATH, "--write", "--env", "SEEN", ...COMMAND)).code).toBe(0);
  expectGolden("cli/record-written.yml", checkout.read(PATH));
  const again = await record(PATH, ...COMMAND);
  expect(again).toMatchObject({ code: 0, printed: "0 recordings; 0 texts redacted.\n", said: "" });
});

test("what may act on the world is not called unless it is allowed, and then captured as intent", async () => {
  checkout.write(PATH, FIXTURE.replace("Please look it up", "Please pay"));
  const refused = await record(PATH, ...COMMAND);
  expect(refused).toMatchObject({
    code: 3,
    printed: expect.stringContaining("issue_refund was not called: its name does not say that it only looks"),
  });
  expect(refused.said).not.toContain("calling issue_refund");
  const allowed = await record(PATH, "--allow-side-effects", "issue_refund", ...COMMAND);
  expect(allowed).toMatchObject({ code: 0, printed: expect.stringContaining("side_effect: money") });
});

test("a call that holds personal data of its own is not made, and not written down", async () => {
  checkout.write(PATH, FIXTURE.replace("Please look it up", "Please leak"));
  const { code, said, printed } = await record(PATH, ...COMMAND);
  expect({ code, printed }).toEqual({
    code: 3,
    printed: expect.stringContaining("find_person was not called: its arguments hold"),
  });
  expect(said + printed).not.toContain("john.doe");
});

test("an endpoint is posted the call with the token, and what it answers badly records nothing", async () => {
  const heard: { token: string | undefined; body: string }[] = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      heard.push({ token: request.headers.authorization, body });
      response.end('{"return":1,"error":"both"}');
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { code, said } = await record("look-up", "--url", `http://127.0.0.1:${port}/`, "--token-env", "SEEN");
  expect({ code, said }).toEqual({
    code: 3,
    said: expect.stringContaining("expected one of return, error, denied"),
  });
  expect(heard[0]?.token).toBe("Bearer yes");
  expect(JSON.parse(heard[0]?.body ?? "")).toEqual({
    version: 1,
    tool: "read_order",
    arguments: { order_id: "ord_1" },
    agent: "desk",
    fixture: "look-up",
  });
});

test("a runner file is taken only where git does not know it", async () => {
  const runner = `command: [${JSON.stringify(process.execPath)}, tools.cjs]\n`;
  checkout.write(".incident-to-eval/tools.yml", runner);
  expect((await record("look-up")).code).toBe(0);
  checkout.write("tools.yml", runner);
  checkout.git("add", "tools.yml");
  expect(await record("look-up", "--runner", "tools.yml")).toMatchObject({
    code: 2,
    said: expect.stringContaining("is part of the repository"),
  });
});

test.each([
  [[], "record needs your tools"],
  [["--url", "ftp://x"], "record takes --url or -- COMMAND"],
  [["--url", "http://localhost:1", "--token-env", "UNSET"], "UNSET is not set"],
])("%j is told as misuse", async (args, says) => {
  expect(await record("look-up", ...args)).toMatchObject({ code: 2, said: expect.stringContaining(says) });
});
