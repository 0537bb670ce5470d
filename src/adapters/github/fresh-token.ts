import { asksForToken, type HttpError, isHttpError } from "./http-error.ts";

/** GitHub refuses the installation's token, and refused a fresh one too. */
export class TokenRefused extends Error {
  readonly refusal: HttpError["response"];

  constructor(refusal: HttpError["response"]) {
    super("GitHub does not accept the installation's token");
    this.name = "TokenRefused";
    this.refusal = refusal;
  }
}

/**
 * Sends a request of an installation; where its token is refused, once more with a fresh one.
 *
 * A token is kept for an hour, and GitHub can take it back before. What it refuses for the token it has not done,
 * so that sending it again creates nothing twice.
 */
export async function withFreshToken<T>(
  send: () => T | Promise<T>,
  refresh: () => Promise<unknown>,
): Promise<T> {
  try {
    return await send();
  } catch (failure) {
    if (!isTokenRefused(failure)) throw failure;
  }
  await refresh();
  try {
    return await send();
  } catch (failure) {
    throw isTokenRefused(failure) ? new TokenRefused(failure.response) : failure;
  }
}

function isTokenRefused(failure: unknown): failure is HttpError {
  return isHttpError(failure) && failure.status === 401 && !asksForToken(failure);
}
