import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { JsonObject, JsonValue } from "../../core/json.ts";
import {
  type Conversation,
  type MessagesRequest,
  messagesRequestSchema,
  seeConversation,
  unansweredCalls,
} from "./conversation.ts";
import { NothingToCopy } from "./fill-template.ts";
import {
  type LoopbackReply,
  type LoopbackRequest,
  type LoopbackServer,
  startLoopbackServer,
} from "./loopback-server.ts";
import { type FitCounts, matchRule } from "./match-rule.ts";
import { sayReply } from "./say-reply.ts";
import type { Script } from "./script.ts";

const BODY_BYTES_MAX = 32 * 1024 * 1024;
const REQUESTS_KEPT_MAX = 1_000;
const EXCERPT_LENGTH_MAX = 200;

/** A model that says what a script says, behind the Messages API. */
export interface ScriptedModel extends LoopbackServer {
  /** The bodies of the last requests that were asked for a message, oldest first. */
  requests(): readonly MessagesRequest[];
}

/** Starts a server that answers the Messages API from a script, knowing nothing but each HTTP request. */
export async function startScriptedModel(
  script: Script,
  options: { readonly port?: number } = {},
): Promise<ScriptedModel> {
  const requests: MessagesRequest[] = [];
  let counts: FitCounts = new Map();

  async function createMessage(request: LoopbackRequest): Promise<LoopbackReply> {
    const refusal = refuseHeaders(request);
    if (refusal !== undefined) return refusal;
    const read = readRequest(request.body);
    if (read.kind === "refused") return anthropicError(400, "invalid_request_error", read.because);
    requests.push(read.request);
    if (requests.length > REQUESTS_KEPT_MAX) requests.shift();

    const seen = seeConversation(read.request);
    const match = matchRule(script, seen, counts);
    counts = match.counts;
    if (match.rule === undefined) return anthropicError(400, "invalid_request_error", noRuleText(seen));
    const { reply, latency_ms: latencyMs = 0 } = match.rule;
    if (latencyMs > 0) await wait(latencyMs);
    if ("error" in reply) return anthropicError(reply.error.status, reply.error.type, reply.error.message);
    try {
      return json(200, sayReply(reply, read.request, seen));
    } catch (cause) {
      if (!(cause instanceof NothingToCopy)) throw cause;
      const rule = match.rule.name ?? `number ${script.rules.indexOf(match.rule) + 1}`;
      return anthropicError(400, "invalid_request_error", `Rule ${rule} of the script: ${cause.message}.`);
    }
  }

  const server = await startLoopbackServer({
    port: options.port ?? 0,
    bodyBytesMax: BODY_BYTES_MAX,
    refuse: (status, message) =>
      anthropicError(status, status === 413 ? "request_too_large" : "api_error", message),
    handle: async (request) => {
      const path = request.path.split("?")[0];
      if (path === "/v1/messages" && request.method === "POST") return createMessage(request);
      if (path === "/" && request.method === "GET") return about(script);
      return anthropicError(
        404,
        "not_found_error",
        `Expected POST /v1/messages, got ${request.method} ${path}.`,
      );
    },
  });
  return { ...server, requests: () => [...requests] };
}

type ReadRequest =
  | { readonly kind: "read"; readonly request: MessagesRequest }
  | { readonly kind: "refused"; readonly because: string };

function readRequest(body: string): ReadRequest {
  let written: unknown;
  try {
    written = JSON.parse(body);
  } catch {
    return { kind: "refused", because: "The request body is not valid JSON." };
  }
  const read = messagesRequestSchema.safeParse(written);
  if (!read.success) {
    const issues = read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    return { kind: "refused", because: issues.join("; ") };
  }
  const unanswered = unansweredCalls(read.data);
  if (unanswered.length > 0) {
    const ids = unanswered.join(", ");
    return {
      kind: "refused",
      because: `messages: \`tool_use\` ids were found without \`tool_result\` blocks in the next message: ${ids}`,
    };
  }
  return { kind: "read", request: read.data };
}

function refuseHeaders(request: LoopbackRequest): LoopbackReply | undefined {
  const { "x-api-key": key, authorization, "anthropic-version": version } = request.headers;
  if (key === undefined && authorization === undefined) {
    return anthropicError(401, "authentication_error", "x-api-key header is required");
  }
  if (version === undefined) {
    return anthropicError(400, "invalid_request_error", "anthropic-version: header is required");
  }
  return undefined;
}

function noRuleText(seen: Conversation): string {
  const essentials = {
    model: seen.model,
    system: excerpt(seen.system),
    last_user: excerpt(seen.userTexts.at(-1) ?? ""),
    tools: seen.toolNames.join(", "),
    called: seen.calls.map((call) => call.tool).join(", "),
    structured: seen.outputSchema !== undefined,
  };
  return `No rule of the script fits this request: ${JSON.stringify(essentials)}. Add a rule, or one without conditions at the end.`;
}

function excerpt(text: string): string {
  return text.length > EXCERPT_LENGTH_MAX ? `${text.slice(0, EXCERPT_LENGTH_MAX)}…` : text;
}

function about(script: Script): LoopbackReply {
  const body = `This is a scripted model. It answers POST /v1/messages in the shape of the Anthropic Messages API
from ${script.rules.length} rules, of which the first that fits the request answers. It sees nothing but the request.
`;
  return { status: 200, contentType: "text/plain; charset=utf-8", body };
}

function anthropicError(status: number, type: string, message: string): LoopbackReply {
  return json(status, { type: "error", error: { type, message } });
}

function json(status: number, value: JsonObject | JsonValue): LoopbackReply {
  return {
    status,
    contentType: "application/json",
    body: JSON.stringify(value),
    headers: { "request-id": `req_${randomUUID().replaceAll("-", "")}` },
  };
}
