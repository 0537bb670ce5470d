import type { ChatAnswer, ChatRequest } from "../core/agent/chat.ts";

/** A model behind an API. */
export interface ChatModel {
  /** Asks the model; throws ExternalFailure where the provider cannot be reached or refuses the request. */
  ask(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer>;
}
