import { createChatModel } from "../adapters/anthropic/chat-model.ts";
import { createJudge } from "../adapters/anthropic/judge.ts";
import type { Environment } from "./env.ts";
import type { Models } from "./jobs/deps.ts";

/** The models of this server, or none where it has no key. */
export function modelsOf({
  anthropic,
  models,
}: Pick<Environment, "anthropic" | "models">): Models | undefined {
  if (anthropic === undefined) return undefined;
  const chatModel = createChatModel({
    apiKey: anthropic.apiKey,
    baseURL: anthropic.baseUrl,
    concurrency: models.concurrency,
  });
  return {
    ask: (request, signal) => chatModel.ask(request, signal),
    judgeWith: (model) => createJudge(chatModel, model ?? models.judge),
    draftModel: models.draft,
  };
}
