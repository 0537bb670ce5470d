import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai";
import type { AskModel } from "../../core/agent/chat.ts";
import type { ChatModel } from "../../ports/chat-model.ts";
import { httpFetch } from "../model/http-fetch.ts";
import { type Limits, limited } from "../model/limited.ts";
import { type ProviderSdk, restateFailure } from "../model/restate-failure.ts";
import { readCompletion, writeCompletion } from "./completion-format.ts";

const TIMEOUT_MS = 600_000;

const SDK: ProviderSdk = {
  system: "openai",
  keyVariable: "OPENAI_API_KEY",
  timeout: APIConnectionTimeoutError,
  connection: APIConnectionError,
  status: APIError,
};

/** Where an API of the chat completions kind is and how hard it may be pressed. */
export interface CompletionModelOptions extends Limits {
  readonly apiKey: string;
  /** OpenAI's public address when left out. */
  readonly baseURL?: string | undefined;
}

/** Makes a model behind the chat completions API of OpenAI, or of any server that is compatible. */
export function createCompletionModel({ apiKey, baseURL, ...limits }: CompletionModelOptions): ChatModel {
  const client = new OpenAI({
    apiKey,
    ...(baseURL === undefined ? {} : { baseURL }),
    fetch: httpFetch,
    maxRetries: 0,
    timeout: TIMEOUT_MS,
    logLevel: "off",
  });

  const attempt: AskModel = async (request, signal) => {
    const startedMs = performance.now();
    try {
      const completion = await client.post<unknown>("/chat/completions", {
        body: writeCompletion(request),
        signal,
        timeout: TIMEOUT_MS,
      });
      return { ...readCompletion(completion), durationMs: performance.now() - startedMs };
    } catch (error) {
      signal.throwIfAborted();
      throw restateFailure(error, request.model, SDK);
    }
  };
  return { ask: limited(attempt, limits) };
}
