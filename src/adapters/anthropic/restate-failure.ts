import { APIConnectionError, APIConnectionTimeoutError, APIError } from "@anthropic-ai/sdk";
import { z } from "zod";
import { ExternalFailure } from "../../ports/external-failure.ts";

const DETAIL_LENGTH_MAX = 300;
/** What reading an answer throws where it is not JSON, or not a message. */
const named = z.object({ name: z.enum(["SyntaxError", "ZodError"]) });

/** Restates what the provider did wrong in our own words; what is no failure of the provider comes back as it is. */
export function restateFailure(error: unknown, model: string): unknown {
  if (error instanceof APIConnectionTimeoutError) {
    return failure(`the model ${model} gave no answer in time`, { retryable: true, cause: error });
  }
  if (error instanceof APIConnectionError) {
    return failure(`the model provider cannot be reached to ask ${model}: ${causeText(error)}`, {
      retryable: true,
      cause: error,
    });
  }
  if (error instanceof APIError && error.status !== undefined)
    return restateStatus(error, error.status, model);
  if (named.safeParse(error).success) {
    return failure(`the provider of ${model} answered something that is no message of its API`, {
      retryable: false,
      cause: error,
    });
  }
  return error;
}

function restateStatus(error: APIError, status: number, model: string): ExternalFailure {
  const isRetryable = status === 408 || status === 409 || status === 429 || status >= 500;
  const detail = detailOf(error);
  return failure(
    `the model provider ${isRetryable ? "could not answer" : "refused"} a request to ${model} (status ${status})${detail}${adviceFor(status)}`,
    { retryable: isRetryable, retryAfterMs: retryAfterMs(error.headers), status, cause: error },
  );
}

function adviceFor(status: number): string {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return "; look at the agent's model, parameters and tools";
    case 401:
      return "; the API key of the app is not accepted: set another `ANTHROPIC_API_KEY`";
    case 402:
      return "; the account of the API key has no credit";
    case 403:
      return "; the API key of the app may not use this model";
    case 404:
      return "; there is no such model: correct its name in the agent's configuration";
    default:
      return "";
  }
}

const errorBody = z.object({ error: z.object({ message: z.string() }) });

/** The provider's own sentence, unless it is about the key, which it might quote. */
function detailOf({ error, status }: APIError): string {
  if (status === 401 || status === 403) return "";
  const body = errorBody.safeParse(error);
  return body.success ? `: ${body.data.error.message.slice(0, DETAIL_LENGTH_MAX)}` : "";
}

function retryAfterMs(headers: Headers | undefined): number | undefined {
  const millis = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (millis > 0) return millis;
  const seconds = Number(headers?.get("retry-after") ?? Number.NaN);
  return seconds > 0 ? seconds * 1_000 : undefined;
}

function causeText(error: APIConnectionError): string {
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}

function failure(
  message: string,
  details: Omit<ConstructorParameters<typeof ExternalFailure>[1], "system">,
): ExternalFailure {
  return new ExternalFailure(message, { system: "anthropic", ...details });
}
