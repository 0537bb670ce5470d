import { type RealToolAnswer, toolAnswerSchema } from "../../core/agent/tool-contract.ts";
import type { JsonValue } from "../../core/json.ts";
import { problemText } from "../../core/problem.ts";
import { schemaProblems } from "../../core/schema-problems.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { ToolRunner } from "../../ports/tool-runner.ts";
import { type CommandAgentOptions, type Program, runProgram } from "./command-agent.ts";
import { postJson, resolveBySystem } from "./post-json.ts";

/** An answer longer than this is no recording that anybody would read. */
const ANSWER_BYTES_MAX = 256 * 1024;

/** Where real tools are reached over HTTP, as the person at the command line names it. */
export interface ToolEndpoint {
  readonly url: URL;
  readonly token?: string | undefined;
  readonly timeoutMs: number;
}

/** Makes a runner that starts a program for each call: the call on its input, the answer on its output. */
export function commandTools(
  program: Program,
  options: Omit<CommandAgentOptions, "concurrency">,
): ToolRunner {
  return {
    call: async (call, signal) => {
      const ended = await runProgram(program, JSON.stringify(call), options, signal);
      signal.throwIfAborted();
      if (ended.problem !== undefined) throw failed(call.tool, `its command ${ended.problem}${ended.said}`);
      return readAnswer(call.tool, ended.output);
    },
  };
}

/** Makes a runner that posts each call to an address that the caller chose, private ones too; no redirect is followed. */
export function httpTools({ url, token, timeoutMs }: ToolEndpoint): ToolRunner {
  return {
    call: async (call, signal) => {
      const ending = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const post = {
        url,
        body: JSON.stringify(call),
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        bytesMax: ANSWER_BYTES_MAX,
        rules: { urlProblem: () => undefined, addressProblem: () => undefined },
        resolve: resolveBySystem,
        signal: ending,
      };
      const reply = await postJson(post).catch((cause: unknown) => {
        signal.throwIfAborted();
        throw failed(call.tool, cause instanceof Error ? cause.message : "the request failed", cause);
      });
      if (reply.status !== 200) throw failed(call.tool, `it answers with the status ${reply.status}`);
      return readAnswer(call.tool, reply.body);
    },
  };
}

function readAnswer(tool: string, output: Buffer): RealToolAnswer {
  if (output.length > ANSWER_BYTES_MAX)
    throw failed(tool, `its answer is longer than ${ANSWER_BYTES_MAX} bytes`);
  let value: JsonValue;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(output));
  } catch (cause) {
    throw failed(tool, "its answer is no JSON", cause);
  }
  const read = toolAnswerSchema.safeParse(value);
  if (read.success) return read.data;
  const [problem] = schemaProblems(read.error.issues, { schema: toolAnswerSchema, value });
  throw failed(tool, `its answer cannot be used: ${problem === undefined ? "" : problemText(problem)}`);
}

function failed(tool: string, because: string, cause?: unknown): ExternalFailure {
  return new ExternalFailure(`the real tool ${tool} gave no answer: ${because}`, {
    system: "agent",
    retryable: false,
    cause,
  });
}
