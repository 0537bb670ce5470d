import type { Redactor } from "../../ports/redactor.ts";

/** Makes a redactor whose rules, most of all telephone numbers and secrets, are in memory from its first use on: many processes never draft. */
export function redactorWhenNeeded(): Redactor {
  return {
    async redact(texts, allowed) {
      const { makeSecretlintRedactor } = await import("./secretlint-redactor.ts");
      return makeSecretlintRedactor().redact(texts, allowed);
    },
  };
}
