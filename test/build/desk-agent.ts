import { parseScript, type Script } from "../../src/adapters/emulator/script.ts";

const CONFIG = `version: 1
agents:
  desk:
    target: anthropic
    model: claude-sonnet-4-5
    system: [agent/prompt.md]
    tools: agent/tools.json
gate: { trials: { pull_request: 2 } }
`;

const TOOLS = JSON.stringify([
  { name: "read_order", description: "Reads an order.", input_schema: { type: "object" } },
]);

/** A prompt under which the agent of `DESK_SCRIPT` asks a colleague before it promises anything. */
export const CAREFUL_PROMPT = "You are a desk clerk. Ask a colleague first.\n";
/** A prompt under which it promises at once. */
export const CARELESS_PROMPT = "You are a desk clerk. Be quick.\n";

/** A fixture of the desk agent as a file; blocking unless told otherwise. */
export function aDeskFixture(id: string, level = "blocking", message = "Refund ord_1."): string {
  return `id: ${id}
level: ${level}
agent: desk
tags: [money]
input:
  messages: [{ role: user, content: "${message}" }]
expect:
  output: { must_not_contain: [refunded], must_contain: [colleague] }
`;
}

/** The files of a checkout with a desk agent that is careful, and two fixtures. */
export const DESK_FILES: Readonly<Record<string, string>> = {
  ".github/incident-to-eval.yml": CONFIG,
  "agent/prompt.md": CAREFUL_PROMPT,
  "agent/tools.json": TOOLS,
  "evals/golden/refund-asks-first.yml": aDeskFixture("refund-asks-first"),
  "evals/golden/polite.yml": aDeskFixture("polite", "warning"),
};

const SCRIPT = `rules:
  - when: { any_user_contains: look it up, not_called: read_order }
    reply: { tool_use: [{ name: read_order, input: { order_id: ord_1 } }] }
  - when: { any_user_contains: turn away }
    reply: { error: { status: 401, type: authentication_error, message: no such key } }
  - when: { any_user_contains: take your time }
    latency_ms: 500
    reply: { text: It took a while. }
  - when: { system_contains: colleague }
    reply: { text: I ask a colleague first. }
  - reply: { text: It is refunded. }
`;

/** What the desk agent's model says: its prompt decides, and some messages make it fail in other ways. */
export function deskScript(): Script {
  const read = parseScript(SCRIPT);
  if (read.kind === "unusable") throw new Error("the desk agent's script is broken");
  return read.value;
}
