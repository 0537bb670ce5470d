import type { AllowedValue } from "../core/config/config.ts";

/** What was replaced in a set of texts. */
export interface Redacted {
  /** The texts in the order in which they were given. */
  readonly texts: readonly string[];
  /** How many places were replaced, by kind such as `email` or `secret`; the values are never given. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Takes secrets and personal data out of texts. */
export interface Redactor {
  /**
   * Replaces secrets and personal data but for what is allowed; the same value gets the same placeholder in all the
   * texts of one call. Fails rather than passing on what it could not look through.
   */
  redact(texts: readonly string[], allowed?: readonly AllowedValue[]): Promise<Redacted>;
}
