/** The systems outside that can fail us. */
export type ExternalSystem = "github" | "anthropic" | "openai" | "database" | "agent" | "redaction" | "git";

/** The outside failed: which system, whether trying again may help, and when. Caught only by the worker and the runner. */
export class ExternalFailure extends Error {
  readonly system: ExternalSystem;
  readonly retryable: boolean;
  /** Earliest time until another attempt makes sense, where the system said so. */
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;

  constructor(
    message: string,
    details: {
      readonly system: ExternalSystem;
      readonly retryable: boolean;
      readonly retryAfterMs?: number | undefined;
      readonly status?: number | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.name = "ExternalFailure";
    this.system = details.system;
    this.retryable = details.retryable;
    this.retryAfterMs = details.retryAfterMs;
    this.status = details.status;
  }
}
