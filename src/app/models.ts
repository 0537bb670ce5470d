import { checkKey } from "../adapters/model/check-key.ts";
import { createJudge } from "../adapters/model/judge.ts";
import type { AskModel } from "../core/agent/chat.ts";
import type { Provider } from "../core/agent/named-model.ts";
import type { OutsideAgents } from "../core/agent/outside.ts";
import type { KeyFacts } from "../core/doctor/facts.ts";
import { judgePanel } from "../core/grading/judge-panel.ts";
import { judgeModels } from "../core/grading/judge-version.ts";
import type { ChatModel } from "../ports/chat-model.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import type { Metrics } from "../ports/metrics.ts";
import { countedModel } from "./counted-models.ts";
import type { ModelEnvironment } from "./env.ts";
import type { Models } from "./jobs/deps.ts";

/** Variables that hold the key of a provider. */
export const KEY_VARIABLES: Readonly<Record<Provider, string>> = {
  anthropic: "ANTHROPIC_API_KEY",
  openai: "OPENAI_API_KEY",
};

/** The models and agents that this process can ask, or none where it has neither a key nor a host to ask. */
export function modelsOf(
  environment: ModelEnvironment,
  metrics: Metrics | undefined,
  commands?: OutsideAgents["command"],
): Models | undefined {
  const { models } = environment;
  const providers = providersOf(environment);
  const http = httpAgentsOf(environment);
  if (providers.size === 0 && http === undefined && commands === undefined) return undefined;
  const asked = askByProvider(providers);
  // The command line says itself what a run cost.
  const ask = metrics === undefined ? asked : countedModel(asked, metrics);
  return {
    ask,
    judgeWith: (judge) => {
      const named = judgeModels(judge, models.judge).map((model) => createJudge({ ask }, model));
      return judgePanel(named, judge);
    },
    judgeModel: models.judge,
    draftModel: models.draft,
    providers: new Set(providers.keys()),
    concurrency: models.concurrency,
    outside: {
      ...(http === undefined ? {} : { http }),
      ...(commands === undefined ? {} : { command: commands }),
    },
  };
}

/** The way to agents behind an address, loaded when the first of them runs. */
function httpAgentsOf({ models, outboundAllow, agentTokens }: ModelEnvironment): OutsideAgents["http"] {
  if (outboundAllow.length === 0) return undefined;
  const open = once(async () => {
    const { createHttpAgents } = await import("../adapters/agent/http-agent.ts");
    return createHttpAgents({
      allow: outboundAllow,
      tokens: agentTokens,
      concurrency: models.concurrency,
    });
  });
  return async (agent, fixture, signal) => await (await open())(agent, fixture, signal);
}

/** Gives for each provider that there is a key for the function that asks whether it accepts that. */
export function keyChecks({
  anthropic,
  openai,
}: ModelEnvironment): ReadonlyMap<Provider, () => Promise<KeyFacts>> {
  const checks = new Map<Provider, () => Promise<KeyFacts>>();
  if (anthropic !== undefined) checks.set("anthropic", () => checkKey("anthropic", anthropic));
  if (openai !== undefined) checks.set("openai", () => checkKey("openai", openai));
  return checks;
}

function providersOf({ anthropic, openai, models }: ModelEnvironment): ReadonlyMap<Provider, ChatModel> {
  const providers = new Map<Provider, ChatModel>();
  const { concurrency } = models;
  if (anthropic !== undefined) {
    const { apiKey, baseUrl: baseURL } = anthropic;
    const open = async () =>
      (await import("../adapters/anthropic/chat-model.ts")).createChatModel({ apiKey, baseURL, concurrency });
    providers.set("anthropic", loadedWhenAsked(open));
  }
  if (openai !== undefined) {
    const { apiKey, baseUrl: baseURL } = openai;
    const open = async () =>
      (await import("../adapters/openai/chat-model.ts")).createCompletionModel({
        apiKey,
        baseURL,
        concurrency,
      });
    providers.set("openai", loadedWhenAsked(open));
  }
  return providers;
}

/** A model whose client, several megabytes of code, is in memory from the first question on. */
function loadedWhenAsked(open: () => Promise<ChatModel>): ChatModel {
  const opened = once(open);
  return { ask: async (request, signal) => await (await opened()).ask(request, signal) };
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => (opened ??= open());
}

function askByProvider(providers: ReadonlyMap<Provider, ChatModel>): AskModel {
  return async (request, signal) => {
    const chatModel = providers.get(request.provider);
    if (chatModel !== undefined) return await chatModel.ask(request, signal);
    const { provider, model } = request;
    throw new ExternalFailure(
      `the model ${model} cannot be asked: \`${KEY_VARIABLES[provider]}\` is not set`,
      {
        system: provider,
        retryable: false,
      },
    );
  };
}
