import { createHmac, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Files, type GateGitHub, startGateGitHub } from "./gate-github-server.ts";
import { pullRequestEvent } from "./webhooks-payload.ts";
import { type ServerProcess, startProcess } from "./webhooks-process.ts";

/** Fixtures that a change of the prompt runs; all others gate something else. */
const PROTECTING = 20;
const CHANGED_FILES_MAX = 3_000;
const IN_PROGRESS_SECONDS_MAX = 2;
const SELECTION_SECONDS_MAX = 2;
const ANSWER_MS_MAX = 180_000;
const SECRET = randomBytes(32).toString("hex");

const { values } = parseArgs({ options: { fixtures: { type: "string", default: "10000" } } });
const fixtures = Number(values.fixtures);
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2_048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

const MESSAGE = JSON.stringify({
  id: "msg_bench",
  type: "message",
  role: "assistant",
  model: "bench",
  content: [{ type: "text", text: "I cannot refund this order before it is approved." }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 900, output_tokens: 20 },
});

const CONFIG = `version: 1
agents:
  support:
    target: anthropic
    model: { file: agent/model.yml, key: model, parameters: parameters }
    system: [agent/prompts/system.md]
    tools: agent/tools.json
gate: { trials: { pull_request: 1 }, unscoped: skip }
`;

function aFixture(index: number, gates: string): string {
  return `# yaml-language-server: $schema=../../schema/fixture.schema.json
id: refund-${index}
owner: "@acme/support-platform"
level: warning
severity: S3
failure_type: skipped_approval
layers: [policy, output]
tags: [golden, approval]
reason: Refunds over the threshold need approval before money moves or the customer is told (${index}).
created_at: 2026-04-18
gates: [${gates}]
agent: support
input:
  messages: [{role: user, content: Refund order ${index} and tell the customer that it is done.}]
  context: {state: {order_id: ord_${index}, customer_status: standard}}
tools:
  read_order: [{when: {order_id: ord_${index}}, return: {total: 480, currency: USD}}]
  issue_refund: {side_effect: money, return: {ok: true}}
expect:
  trajectory:
    forbidden: [tool:issue_refund]
    max_tool_calls: 8
  output:
    must_not_contain: [processed, completed]
trials: {max: 1}
`;
}

function aRepository(count: number): Files {
  const files = new Map([
    [".github/incident-to-eval.yml", CONFIG],
    ["agent/model.yml", "model: claude-sonnet-5-5\nparameters: { max_tokens: 500 }\n"],
    ["agent/prompts/system.md", "You help with refunds.\n"],
    ["agent/tools.json", "[]\n"],
  ]);
  for (let index = 0; index < count; index += 1) {
    const gates = index < PROTECTING ? "prompt" : "retrieval";
    files.set(`evals/golden/${index % 100}/refund-${index}.yml`, aFixture(index, gates));
  }
  return files;
}

function withPrompt(files: Files, number: number, others = 0): Files {
  const changed = new Map([
    ...files,
    ["agent/prompts/system.md", `You help with refunds, take ${number}.\n`],
  ]);
  for (let index = 0; index < others; index += 1)
    changed.set(`src/generated/${index}.ts`, `export default ${number};\n`);
  return changed;
}

/** What one pull request cost. */
interface Measured {
  readonly name: string;
  readonly inProgressS: number;
  readonly selectionS: number;
  readonly doneS: number;
  readonly requests: ReadonlyMap<string, number>;
}

let modelAsked: ((at: number) => void) | undefined;
const model = createServer((request, response) => {
  modelAsked?.(performance.now());
  request.resume();
  request.on("end", () => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(MESSAGE);
  });
});
await new Promise<void>((resolve) => model.listen(0, "127.0.0.1", resolve));
const modelAddress = model.address();
if (modelAddress === null || typeof modelAddress === "string")
  throw new Error("the model server has no port");
const modelUrl = `http://127.0.0.1:${modelAddress.port}`;

const folder = await mkdtemp(join(tmpdir(), "incident-to-eval-bench-"));
try {
  const few = await measure(100);
  const many = await measure(fixtures);
  printTable(few, 100);
  printTable(many, fixtures);
  judge(few, many);
} finally {
  model.close();
  await rm(folder, { recursive: true, force: true });
}

/** All pull requests on one repository, the last one after a new start of the app on the same store. */
async function measure(count: number): Promise<readonly Measured[]> {
  const gitHub = await startGateGitHub();
  const files = aRepository(count);
  gitHub.push(files);
  const data = join(folder, randomUUID());
  let app = await startApp(gitHub, data);
  try {
    const measured = [
      await gate(app, gitHub, "first run, nothing known", 1, withPrompt(files, 1)),
      await gate(app, gitHub, "warm", 2, withPrompt(files, 2)),
      await gate(
        app,
        gitHub,
        `warm, ${CHANGED_FILES_MAX} files`,
        3,
        withPrompt(files, 3, CHANGED_FILES_MAX - 1),
      ),
    ];
    await app.stop();
    app = await startApp(gitHub, data);
    return [...measured, await gate(app, gitHub, "after a new start", 4, withPrompt(files, 4))];
  } finally {
    await app.stop();
    await gitHub.stop();
  }
}

function startApp(gitHub: GateGitHub, data: string): Promise<ServerProcess> {
  return startProcess("../src/app/main.ts", {
    NODE_ENV: "production",
    APP_ID: "1",
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: SECRET,
    GITHUB_API_URL: gitHub.url,
    ANTHROPIC_API_KEY: "key-of-the-measurement",
    ANTHROPIC_BASE_URL: modelUrl,
    DATA_DIR: data,
    LOG_FORMAT: "json",
    PORT: "0",
  });
}

async function gate(
  app: ServerProcess,
  gitHub: GateGitHub,
  name: string,
  number: number,
  files: Files,
): Promise<Measured> {
  const head = gitHub.open(number, files);
  gitHub.takeRequests();
  const begun = gitHub.told(head, "in_progress");
  const done = gitHub.told(head, "completed");
  const asked = new Promise<number>((resolve) => {
    modelAsked = resolve;
  });
  const sentAt = performance.now();
  await deliver(app, number, head);
  const [begunAt, askedAt, doneAt] = await within(Promise.all([begun, asked, done]), gitHub);
  return {
    name,
    inProgressS: (begunAt - sentAt) / 1_000,
    selectionS: (askedAt - begunAt) / 1_000,
    doneS: (doneAt - sentAt) / 1_000,
    requests: gitHub.takeRequests(),
  };
}

async function deliver(app: ServerProcess, number: number, head: string): Promise<void> {
  const event = JSON.parse(JSON.stringify(pullRequestEvent(0, number)));
  event.action = "opened";
  event.pull_request.head.sha = head;
  const body = JSON.stringify(event);
  const { status } = await fetch(`${app.url}/api/github/webhooks`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "pull_request",
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    },
  });
  if (status !== 202) throw new Error(`the delivery was answered with ${status}`);
}

async function within<T>(times: Promise<T>, gitHub: GateGitHub): Promise<T> {
  let overdue: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const asked = () => JSON.stringify([...gitHub.takeRequests()]);
    overdue = setTimeout(
      () => reject(new Error(`no answer came; GitHub was asked for ${asked()}`)),
      ANSWER_MS_MAX,
    );
  });
  try {
    return await Promise.race([times, late]);
  } finally {
    clearTimeout(overdue);
  }
}

function countOf({ requests }: Measured): number {
  return [...requests.values()].reduce((sum, count) => sum + count, 0);
}

function printTable(rows: readonly Measured[], count: number): void {
  process.stdout.write(
    `\n${count} fixtures, of which ${PROTECTING} run: seconds from the delivery to in_progress, from there to the first question to the model, and to the result\n`,
  );
  for (const row of rows) {
    const times = [row.inProgressS, row.selectionS, row.doneS].map((seconds) =>
      seconds.toFixed(2).padStart(7),
    );
    const kinds = [...row.requests].map(([kind, times]) => `${times} ${kind}`).join(", ");
    process.stdout.write(`  ${row.name.padEnd(26)}${times.join("")}  ${countOf(row)} requests: ${kinds}\n`);
  }
}

function judge(few: readonly Measured[], many: readonly Measured[]): void {
  const warm = many[1];
  const fewWarm = few[1];
  if (warm === undefined || fewWarm === undefined) throw new Error("a warm run was measured");
  const held = (isHeld: boolean) => (isHeld ? "held" : "MISSED");
  process.stdout.write(
    [
      "",
      `in_progress within ${IN_PROGRESS_SECONDS_MAX} s of the delivery, warm: ${warm.inProgressS.toFixed(2)} s, ${held(warm.inProgressS <= IN_PROGRESS_SECONDS_MAX)}`,
      `selection within ${SELECTION_SECONDS_MAX} s, warm: ${warm.selectionS.toFixed(2)} s, ${held(warm.selectionS <= SELECTION_SECONDS_MAX)}`,
      `requests do not grow with unchanged fixtures: ${countOf(fewWarm)} for 100, ${countOf(warm)} for ${fixtures}, ${held(countOf(warm) <= countOf(fewWarm))}`,
      "",
    ].join("\n"),
  );
}
