/** A failure of the outside as core sees it: adapters throw it, core only tells it from a bug. */
export interface OutsideFailure {
  readonly message: string;
  readonly retryable: boolean;
}

/** Tells a failure of the outside from a bug of ours. */
export function isOutsideFailure(error: unknown): error is OutsideFailure {
  return (
    error instanceof Error &&
    error.name === "ExternalFailure" &&
    "retryable" in error &&
    typeof error.retryable === "boolean"
  );
}
