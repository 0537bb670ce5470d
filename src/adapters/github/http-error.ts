/** What Octokit throws where GitHub refused, or did not answer. */
export interface HttpError {
  readonly message: string;
  readonly status: number;
  readonly cause?: unknown;
  readonly request?: { readonly url: string };
  /** Undefined where no answer came. */
  readonly response?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | number | undefined>>;
    readonly data: unknown;
  };
}

/** Tells Octokit's failures from faults of ours. */
export function isHttpError(failure: unknown): failure is HttpError {
  return (
    typeof failure === "object" &&
    failure !== null &&
    "name" in failure &&
    (failure.name === "HttpError" || failure.name === "AbortError") &&
    "status" in failure &&
    typeof failure.status === "number"
  );
}

/** Tells whether GitHub was asked for an installation's token, which the app's own key stands for. */
export function asksForToken({ request }: HttpError): boolean {
  return request?.url.endsWith("/access_tokens") ?? false;
}
