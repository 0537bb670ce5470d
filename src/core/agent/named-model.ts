/** Providers whose API the app speaks: the Messages API, and chat completions of OpenAI and all that are compatible. */
export const PROVIDERS = ["anthropic", "openai"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** A model and who answers for it. */
export interface NamedModel {
  readonly provider: Provider;
  readonly model: string;
}

/**
 * Reads the name of a model that belongs to no agent, such as a judge: `openai:gpt-5.1` names its provider, a name
 * without one is Anthropic's. Only a known provider is taken off: `openai:llama3:8b` is the model `llama3:8b`.
 */
export function readNamedModel(name: string): NamedModel {
  const provider = PROVIDERS.find((one) => name.startsWith(`${one}:`));
  if (provider === undefined) return { provider: "anthropic", model: name };
  return { provider, model: name.slice(provider.length + 1) };
}
