import { createChatModel } from "../adapters/anthropic/chat-model.ts";
import { createJudge } from "../adapters/anthropic/judge.ts";
import type { Metrics } from "../ports/metrics.ts";
import { countedModel } from "./counted-models.ts";
import type { Environment } from "./env.ts";
import type { Models } from "./jobs/deps.ts";

/** The command line says itself what a run cost. */
const UNCOUNTED: Metrics = { note: () => undefined };

/** The models of this server, or none where it has no key. */
export function modelsOf(
  { anthropic, models }: Pick<Environment, "anthropic" | "models">,
  metrics: Metrics = UNCOUNTED,
): Models | undefined {
  if (anthropic === undefined) return undefined;
  const chatModel = createChatModel({
    apiKey: anthropic.apiKey,
    baseURL: anthropic.baseUrl,
    concurrency: models.concurrency,
  });
  const ask = countedModel((request, signal) => chatModel.ask(request, signal), metrics);
  return {
    ask,
    judgeWith: (model) => createJudge({ ask }, model ?? models.judge),
    draftModel: models.draft,
  };
}
