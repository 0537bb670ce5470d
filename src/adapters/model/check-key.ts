import type { Provider } from "../../core/agent/named-model.ts";
import type { KeyFacts } from "../../core/doctor/facts.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import { httpFetch } from "./http-fetch.ts";

const TIMEOUT_MS = 15_000;
const REFUSED: readonly number[] = [401, 403];

/** A key, and where its provider is. */
interface Access {
  readonly apiKey: string;
  readonly baseUrl: string | undefined;
}

/** Asks a provider for its list of models, which costs nothing: does it accept the key? Throws ExternalFailure where it does not say. */
export async function checkKey(provider: Provider, access: Access): Promise<KeyFacts> {
  const { url, headers } = requestOf(provider, access);
  const failed = (because: string, told: { readonly retryable: boolean; readonly status?: number }) =>
    new ExternalFailure(`the list of models ${because}`, { system: provider, ...told });
  let status: number;
  try {
    ({ status } = await httpFetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) }));
  } catch {
    // The cause of a refused connection may quote the request.
    throw failed(`cannot be asked for at ${new URL(url).host}`, { retryable: true });
  }
  if (status >= 200 && status < 300) return { kind: "accepted" };
  if (REFUSED.includes(status)) return { kind: "refused", status };
  const retryable = status === 429 || status >= 500;
  throw failed(`is not given (status ${status})`, { retryable, status });
}

function requestOf(provider: Provider, { apiKey, baseUrl }: Access) {
  const base = (fallback: string): string => (baseUrl ?? fallback).replace(/\/+$/, "");
  switch (provider) {
    case "anthropic":
      return {
        url: `${base("https://api.anthropic.com")}/v1/models?limit=1`,
        headers: { "x-api-key": apiKey, "anthropic-version": "2023-06-01" },
      };
    case "openai":
      return {
        url: `${base("https://api.openai.com/v1")}/models`,
        headers: { authorization: `Bearer ${apiKey}` },
      };
  }
}
