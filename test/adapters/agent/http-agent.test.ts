import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { createHttpAgents } from "../../../src/adapters/agent/http-agent.ts";
import type { Clock } from "../../../src/adapters/model/limited.ts";
import type { HttpAgent } from "../../../src/core/agent/agent.ts";
import type { Trajectory } from "../../../src/core/trajectory/trajectory.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import { aFixture } from "../../build/fixtures.ts";
import { anAnswer, anHttpAgent } from "../../build/outside-agents.ts";

const TOKEN = "token-of-the-agent";
const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** Starts a server on loopback, and gives its port. */
async function served(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A clock on which waiting takes no time. */
function aClock(): Clock {
  let nowMs = 0;
  return {
    now: () => nowMs,
    async sleep(delayMs) {
      nowMs += delayMs;
    },
  };
}

/** Asks the agent at a port of this machine; waiting for another attempt takes no time. */
async function ask(
  port: number,
  {
    agent = {},
    allow = ["127.0.0.1"],
    signal = new AbortController().signal,
  }: {
    agent?: Partial<HttpAgent>;
    allow?: readonly string[];
    signal?: AbortSignal;
  } = {},
): Promise<Trajectory> {
  const run = createHttpAgents({
    allow,
    tokens: new Map([["AGENT_TOKEN_127_0_0_1", TOKEN]]),
    concurrency: 4,
    clock: aClock(),
    resolve: async () => [{ address: "127.0.0.1", family: 4 }],
  });
  return await run(anHttpAgent({ endpoint: `http://127.0.0.1:${port}/run`, ...agent }), aFixture(), signal);
}

async function failureOf(asking: Promise<unknown>): Promise<ExternalFailure> {
  const outcome = await asking.catch((error: unknown) => error);
  if (outcome instanceof ExternalFailure) return outcome;
  throw new Error(`expected an ExternalFailure, got ${String(outcome)}`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return String(Buffer.concat(chunks));
}

const answers =
  (body: string | Buffer, status = 200, headers = {}): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
  };

test("the case goes to the endpoint by POST with its token, and what the agent did comes back", async () => {
  const seen: object[] = [];
  const port = await served(async (request, response) => {
    const { method, url, headers } = request;
    seen.push({ method, url, token: headers.authorization, body: JSON.parse(await bodyOf(request)) });
    response.end(JSON.stringify(anAnswer()));
  });
  const endpoint = `http://127.0.0.1:${port}/run/{sha}?dry=1`;
  const trajectory = await ask(port, { agent: { endpoint } });
  const { commit } = anHttpAgent();
  expect(seen).toEqual([
    {
      method: "POST",
      url: `/run/${commit}?dry=1`,
      token: `Bearer ${TOKEN}`,
      body: expect.objectContaining({ version: 1, commit, messages: aFixture().input.messages }),
    },
  ]);
  expect(trajectory).toMatchObject({ output: "Done.", turns: 2, stopReason: "completed" });
  expect(trajectory.latencyMs).toBeGreaterThan(0);
});

test.each([
  { name: "is busy", first: answers("later", 503, { "retry-after": "1" }) },
  { name: "still runs another commit", first: answers(JSON.stringify(anAnswer({ commit: "old" }))) },
])("an endpoint that $name for a moment is asked again", async ({ first }) => {
  let asked = 0;
  const port = await served((request, response) => {
    asked += 1;
    if (asked === 1) first(request, response);
    else answers(JSON.stringify(anAnswer()))(request, response);
  });
  expect((await ask(port)).output).toBe("Done.");
});

test("an endpoint that never runs the commit leaves the trial open, and another run may find it there", async () => {
  const port = await served(answers(JSON.stringify(anAnswer({ commit: "old" }))));
  expect(await failureOf(ask(port))).toMatchObject({
    system: "agent",
    retryable: true,
    message: expect.stringContaining("it ran the commit old, and was asked for c0ffee"),
  });
});

describe("an answer that is none is refused", () => {
  const TEN_MB = Buffer.alloc(10 * 1024 * 1024, " ");
  test.each([
    { name: "10 MB of it", answer: answers(TEN_MB), because: "longer than 8388608 bytes" },
    {
      name: "bytes that are no UTF-8",
      answer: answers(Buffer.from([0x7b, 0xff, 0x7d])),
      because: "bytes that are no UTF-8",
    },
    { name: "a page", answer: answers("<html>"), because: "not of the published shape" },
    {
      name: "a redirect",
      answer: answers("", 307, { location: "http://169.254.169.254/latest/meta-data" }),
      because: "redirect (status 307), and none is followed",
    },
    { name: "a refusal", answer: answers("no token", 401), because: "AGENT_TOKEN_AGENT_ACME_COM" },
    { name: "a fault", answer: answers("boom", 500), because: "answered with the status 500: boom" },
  ])("$name", async ({ answer, because }) => {
    const failure = await failureOf(ask(await served(answer)));
    expect(failure.message).toContain(because);
    expect(failure.message).not.toContain(TOKEN);
  });

  test("one that does not come", async () => {
    const port = await served(() => undefined);
    expect(await failureOf(ask(port, { agent: { timeoutMs: 60 } }))).toMatchObject({
      retryable: false,
      message: "the agent refund gave no whole answer within 60 ms (`timeout_ms`)",
    });
  });

  test("one that comes drop by drop", async () => {
    const port = await served((_, response) => {
      const drip = setInterval(() => response.write(" "), 5);
      response.on("close", () => clearInterval(drip));
    });
    expect((await failureOf(ask(port, { agent: { timeoutMs: 60 } }))).message).toContain(
      "no whole answer within",
    );
  });

  test("one that breaks off", async () => {
    const port = await served((request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => request.socket.destroy());
    });
    expect(await failureOf(ask(port))).toMatchObject({ retryable: true });
  });
});

test.each([
  { name: "no list", allow: [] },
  { name: "a list without it", allow: ["agent.acme.com", "10.0.0.0/8"] },
  { name: "a list with another port", allow: ["127.0.0.1:1"] },
])("$name sends nothing", async ({ allow }) => {
  let asked = 0;
  const port = await served(() => {
    asked += 1;
  });
  const failure = await failureOf(ask(port, { allow }));
  expect(failure).toMatchObject({ retryable: false, message: expect.stringContaining("OUTBOUND_ALLOW") });
  expect(asked).toBe(0);
});

test("a name that is allowed and leads into our own network sends nothing", async () => {
  let asked = 0;
  const port = await served(() => {
    asked += 1;
  });
  const agent = { endpoint: `http://agent.acme.com:${port}/run` };
  const failure = await failureOf(ask(port, { agent, allow: ["agent.acme.com"] }));
  expect(failure.message).toContain("agent.acme.com leads to 127.0.0.1, which is not on the open internet");
  expect(asked).toBe(0);
});

test("the name is resolved once, and the connection goes to what was looked at", async () => {
  const port = await served(answers(JSON.stringify(anAnswer())));
  // The name leads to this machine: nothing leaves it.
  nock.enableNetConnect(/^(agent\.acme\.com|127\.0\.0\.1)(:\d+)?$/);
  let resolved = 0;
  const run = createHttpAgents({
    allow: ["agent.acme.com", "127.0.0.1"],
    tokens: new Map(),
    concurrency: 1,
    // Who answers for a name may answer otherwise the second time.
    async resolve() {
      resolved += 1;
      return [{ address: resolved === 1 ? "127.0.0.1" : "169.254.169.254", family: 4 }];
    },
  });
  const agent = anHttpAgent({ endpoint: `http://agent.acme.com:${port}/run` });
  expect((await run(agent, aFixture(), new AbortController().signal)).output).toBe("Done.");
  expect(resolved).toBe(1);
  nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/);
});

test("a run that is given up does not wait for the answer", async () => {
  const stopper = new AbortController();
  const port = await served(() => stopper.abort(new Error("a newer head is there")));
  await expect(ask(port, { signal: stopper.signal })).rejects.toThrow("a newer head is there");
});
