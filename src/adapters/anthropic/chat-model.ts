import { setTimeout as sleep } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import pLimit from "p-limit";
import type { ChatAnswer, ChatRequest } from "../../core/agent/chat.ts";
import type { ChatModel } from "../../ports/chat-model.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import { httpFetch } from "./http-fetch.ts";
import { readMessage, writeMessage } from "./message-format.ts";
import { restateFailure } from "./restate-failure.ts";

/** Without an explicit timeout the SDK refuses long answers that are not streamed. */
const TIMEOUT_MS = 600_000;
const CONCURRENCY_DEFAULT = 16;
const ATTEMPTS_MAX = 5;
const RETRY_DELAY_MS_MIN = 500;
const RETRY_DELAY_MS_MAX = 15_000;
/** A provider that asks for a longer wait than this is out of order for this run. */
const RETRY_AFTER_MS_MAX = 60_000;

/** Where a chat model is and how hard it may be pressed. */
export interface ChatModelOptions {
  readonly apiKey: string;
  /** The provider's public address when left out. */
  readonly baseURL?: string | undefined;
  /** Requests under way at a time, over everything that this model is asked. Default is 16. */
  readonly concurrency?: number;
}

/** Makes a model behind the Messages API: one limiter for all callers, and one pause for all when the provider asks for it. */
export function createChatModel({
  apiKey,
  baseURL,
  concurrency = CONCURRENCY_DEFAULT,
}: ChatModelOptions): ChatModel {
  const client = new Anthropic({
    apiKey,
    ...(baseURL === undefined ? {} : { baseURL }),
    fetch: httpFetch,
    maxRetries: 0,
    timeout: TIMEOUT_MS,
    logLevel: "off",
    openTelemetry: false,
  });
  const limit = pLimit(concurrency);
  const pause = createPause();

  const attempt = async (request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer> => {
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
      throw restateFailure(error, request.model);
    }
  };

  const persist = async (request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer> => {
    for (let tried = 1; ; tried += 1) {
      await pause.over(signal);
      try {
        return await attempt(request, signal);
      } catch (error) {
        if (!(error instanceof ExternalFailure) || !mayTryAgain(error, tried)) throw error;
        if (error.retryAfterMs === undefined) await sleep(retryDelayMs(tried), undefined, { signal });
        else pause.atLeast(error.retryAfterMs);
      }
    }
  };

  return {
    ask: (request, signal) =>
      limit(async () => {
        signal.throwIfAborted();
        return await persist(request, signal);
      }),
  };
}

function mayTryAgain(failure: ExternalFailure, tried: number): boolean {
  return failure.retryable && tried < ATTEMPTS_MAX && (failure.retryAfterMs ?? 0) <= RETRY_AFTER_MS_MAX;
}

/** How long to wait before the next attempt: doubling, and never the same for two callers. */
function retryDelayMs(tried: number): number {
  const delayMs = Math.min(RETRY_DELAY_MS_MAX, RETRY_DELAY_MS_MIN * 2 ** (tried - 1));
  return delayMs * (0.75 + Math.random() / 4);
}

/** A pause that all requests keep when one of them was told to wait. */
function createPause() {
  let untilMs = 0;
  return {
    atLeast: (delayMs: number): void => {
      untilMs = Math.max(untilMs, performance.now() + delayMs);
    },
    over: async (signal: AbortSignal): Promise<void> => {
      for (let leftMs = untilMs - performance.now(); leftMs > 0; leftMs = untilMs - performance.now()) {
        await sleep(leftMs, undefined, { signal });
      }
    },
  };
}
