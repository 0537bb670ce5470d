// The CommonJS form: its 250 modules load in two thirds of the time.
import {
  Anthropic,
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
} from "@anthropic-ai/sdk/index.js";
import type { AskModel } from "../../core/agent/chat.ts";
import type { ChatModel } from "../../ports/chat-model.ts";
import { httpFetch } from "../model/http-fetch.ts";
import { type Limits, limited } from "../model/limited.ts";
import { type ProviderSdk, restateFailure } from "../model/restate-failure.ts";
import { readMessage, writeMessage } from "./message-format.ts";

/** Without an explicit timeout the SDK refuses long answers that are not streamed. */
const TIMEOUT_MS = 600_000;

const SDK: ProviderSdk = {
  system: "anthropic",
  keyVariable: "ANTHROPIC_API_KEY",
  timeout: APIConnectionTimeoutError,
  connection: APIConnectionError,
  status: APIError,
};

/** Where a chat model is and how hard it may be pressed. */
export interface ChatModelOptions extends Limits {
  readonly apiKey: string;
  /** The provider's public address when left out. */
  readonly baseURL?: string | undefined;
}

/** Makes a model behind the Messages API. */
export function createChatModel({ apiKey, baseURL, ...limits }: ChatModelOptions): ChatModel {
  const client = new Anthropic({
    apiKey,
    ...(baseURL === undefined ? {} : { baseURL }),
    fetch: httpFetch,
    maxRetries: 0,
    timeout: TIMEOUT_MS,
    logLevel: "off",
    openTelemetry: false,
  });

  const attempt: AskModel = async (request, signal) => {
    const startedMs = performance.now();
    try {
      // Not `client.messages.create`, which writes advice on models to the terminal with every request.
      const message = await client.post<unknown>("/v1/messages", {
        body: writeMessage(request),
        signal,
        timeout: TIMEOUT_MS,
      });
      return { ...readMessage(message), durationMs: performance.now() - startedMs };
    } catch (error) {
      signal.throwIfAborted();
      throw restateFailure(error, request.model, SDK);
    }
  };
  return { ask: limited(attempt, limits) };
}
