import { z } from "zod";
import { ExternalFailure, type ExternalSystem } from "../../ports/external-failure.ts";

const DETAIL_LENGTH_MAX = 300;
/** What reading an answer throws where it is not JSON, or not a message. */
const named = z.object({ name: z.enum(["SyntaxError", "ZodError"]) });

/** A failure of an SDK that has the status and the body of the answer, if there was one. */
interface StatusError extends Error {
  readonly status: number | undefined;
  readonly headers: Headers | undefined;
  readonly error: unknown;
}
type ErrorClass<T> = abstract new (...given: never[]) => T;

/** A provider's SDK by what it throws, and what the operator sets for it. */
export interface ProviderSdk {
  readonly system: ExternalSystem;
  readonly keyVariable: string;
  readonly timeout: ErrorClass<Error>;
  readonly connection: ErrorClass<Error>;
  readonly status: ErrorClass<StatusError>;
}

/** Restates what a provider did wrong in our own words; what is no failure of the provider comes back as it is. */
export function restateFailure(error: unknown, model: string, sdk: ProviderSdk): unknown {
  const { system } = sdk;
  if (error instanceof sdk.timeout) {
    const message = `the model ${model} gave no answer in time`;
    return new ExternalFailure(message, { system, retryable: true, cause: error });
  }
  if (error instanceof sdk.connection) {
    const message = `the model provider cannot be reached to ask ${model}: ${causeText(error)}`;
    return new ExternalFailure(message, { system, retryable: true, cause: error });
  }
  if (error instanceof sdk.status && error.status !== undefined)
    return restateStatus(error, error.status, model, sdk);
  if (named.safeParse(error).success) {
    const message = `the provider of ${model} answered something that is no message of its API`;
    return new ExternalFailure(message, { system, retryable: false, cause: error });
  }
  return error;
}

function restateStatus(
  error: StatusError,
  status: number,
  model: string,
  { system, keyVariable }: ProviderSdk,
): ExternalFailure {
  const detail = detailOf(error);
  const isOutOfCredit = status === 429 && detail.kind === "insufficient_quota";
  const isRetryable = (status === 408 || status === 409 || status === 429 || status >= 500) && !isOutOfCredit;
  const advice = isOutOfCredit ? NO_CREDIT : adviceFor(status, keyVariable);
  return new ExternalFailure(
    `the model provider ${isRetryable ? "could not answer" : "refused"} a request to ${model} (status ${status})${detail.text}${advice}`,
    { system, retryable: isRetryable, retryAfterMs: retryAfterMs(error.headers), status, cause: error },
  );
}

const NO_CREDIT = "; the account of the API key has no credit";

function adviceFor(status: number, keyVariable: string): string {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return "; look at the agent's model, parameters and tools";
    case 401:
      return `; the API key of the app is not accepted: set another \`${keyVariable}\``;
    case 402:
      return NO_CREDIT;
    case 403:
      return "; the API key of the app may not use this model";
    case 404:
      return "; there is no such model: correct its name in the agent's configuration";
    default:
      return "";
  }
}

/** The provider's own sentence in its answer; one SDK hands out the whole body, another what is under `error` in it. */
const said = z.object({ message: z.string(), code: z.unknown().optional(), type: z.unknown().optional() });
const errorBody = z.union([z.object({ error: said }), said.transform((error) => ({ error }))]);

/** What the provider says, unless it is about the key, which it might quote. */
function detailOf({ error, status }: StatusError): { readonly text: string; readonly kind: unknown } {
  const body = errorBody.safeParse(error);
  if (!body.success) return { text: "", kind: undefined };
  const { message, code, type } = body.data.error;
  const isAboutKey = status === 401 || status === 403;
  return { text: isAboutKey ? "" : `: ${message.slice(0, DETAIL_LENGTH_MAX)}`, kind: code ?? type };
}

function retryAfterMs(headers: Headers | undefined): number | undefined {
  const millis = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (millis > 0) return millis;
  const seconds = Number(headers?.get("retry-after") ?? Number.NaN);
  return seconds > 0 ? seconds * 1_000 : undefined;
}

function causeText({ cause, message }: Error): string {
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}
