import type { HttpAgent } from "../../core/agent/agent.ts";
import type { RunOutside } from "../../core/agent/outside.ts";
import { writeAgentRequest } from "../../core/agent/write-request.ts";
import { fillEndpoint } from "../../core/config/endpoint.ts";
import type { Fixture } from "../../core/fixture/fixture.ts";
import type { Trajectory } from "../../core/trajectory/trajectory.ts";
import { ANSWER_BYTES_MAX } from "../../core/trial/read-answer.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import { type Clock, limited } from "../model/limited.ts";
import { outboundRules } from "./outbound-rules.ts";
import { type JsonReply, postJson, RefusedPost, type Resolve, resolveBySystem } from "./post-json.ts";
import { tokenFor } from "./token-for.ts";
import { trajectoryIn } from "./trajectory-in.ts";

/** An agent's own run costs its owner money, so an answer that fails is asked for less often than a model's. */
const ATTEMPTS_MAX = 4;
/** Deployments with limiters of their own; a process that meets more begins anew. */
const HOSTS_MAX = 500;
/** Busy, away, or not deployed yet. */
const RETRYABLE: readonly number[] = [408, 425, 429, 500, 502, 503, 504];
const DETAIL_LENGTH_MAX = 300;

/** How agents behind an address are reached. */
export interface HttpAgentOptions {
  /** Hosts, addresses and networks that may be reached. */
  readonly allow: readonly string[];
  /** Tokens by the names of their variables. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Requests under way at a time to one host. */
  readonly concurrency: number;
  readonly resolve?: Resolve;
  readonly clock?: Clock;
}

interface Asked {
  readonly agent: HttpAgent;
  readonly fixture: Fixture;
}

/** Makes the way to agents behind an address: the case goes there by POST, and what the agent did comes back. */
export function createHttpAgents(options: HttpAgentOptions): RunOutside<HttpAgent> {
  const { allow, tokens, concurrency, resolve = resolveBySystem } = options;
  const rules = outboundRules(allow);
  const hosts = new Map<string, typeof attempt>();

  const attempt = async ({ agent, fixture }: Asked, signal: AbortSignal): Promise<Trajectory> => {
    const url = addressOf(agent);
    const token = tokenFor(url.hostname, tokens);
    const timeout = AbortSignal.timeout(agent.timeoutMs);
    const startedMs = performance.now();
    const posting = postJson({
      url,
      body: JSON.stringify(writeAgentRequest(agent, fixture)),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      bytesMax: ANSWER_BYTES_MAX,
      rules,
      resolve,
      signal: AbortSignal.any([signal, timeout]),
    });
    const reply = await posting.catch((error: unknown) => {
      signal.throwIfAborted();
      throw restate(error, agent, timeout.aborted);
    });
    return read(reply, agent, fixture, performance.now() - startedMs);
  };

  return (agent, fixture, signal) => {
    const { host } = addressOf(agent);
    if (!hosts.has(host) && hosts.size >= HOSTS_MAX) hosts.clear();
    const known =
      hosts.get(host) ?? limited(attempt, { concurrency, attemptsMax: ATTEMPTS_MAX, ...clockOf(options) });
    hosts.set(host, known);
    return known({ agent, fixture }, signal);
  };
}

function clockOf({ clock }: HttpAgentOptions): { readonly clock?: Clock } {
  return clock === undefined ? {} : { clock };
}

function addressOf({ name, endpoint, commit }: HttpAgent): URL {
  if (endpoint === undefined) throw new Error(`the caller let the agent ${name} run without an address`);
  return new URL(fillEndpoint(endpoint, commit));
}

function read(
  { status, retryAfter, body }: JsonReply,
  agent: HttpAgent,
  fixture: Fixture,
  latencyMs: number,
): Trajectory {
  if (status >= 200 && status < 300) return trajectoryIn(body, agent, fixture, latencyMs);
  const seconds = Number(retryAfter ?? Number.NaN);
  throw new ExternalFailure(
    `the agent ${agent.name} answered with the status ${status}${excerptOf(body)}${ADVICE[status] ?? ""}`,
    {
      system: "agent",
      retryable: RETRYABLE.includes(status),
      retryAfterMs: seconds > 0 ? seconds * 1_000 : undefined,
      status,
    },
  );
}

const ADVICE: Readonly<Record<number, string>> = {
  401: "; set its token in the environment: `AGENT_TOKEN_` and its host in capitals, such as `AGENT_TOKEN_AGENT_ACME_COM`",
  404: "; look at `endpoint` in the configuration on the default branch",
};

function excerptOf(body: Buffer): string {
  const text = body.subarray(0, DETAIL_LENGTH_MAX).toString("utf8").replaceAll(/\s+/g, " ").trim();
  return text === "" ? "" : `: ${text}`;
}

function restate(error: unknown, agent: HttpAgent, isLate: boolean): unknown {
  const { name } = agent;
  if (isLate) {
    const message = `the agent ${name} gave no whole answer within ${agent.timeoutMs} ms (\`timeout_ms\`)`;
    return new ExternalFailure(message, { system: "agent", retryable: false, cause: error });
  }
  if (error instanceof RefusedPost) {
    const message = `the agent ${name} cannot be asked: ${error.message}`;
    return new ExternalFailure(message, { system: "agent", retryable: false, cause: error });
  }
  if (!(error instanceof Error) || !("code" in error)) return error;
  const message = `the agent ${name} cannot be reached: ${error.message}`;
  return new ExternalFailure(message, { system: "agent", retryable: true, cause: error });
}
