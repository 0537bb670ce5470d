import { type Look, seen } from "../../core/doctor/finding.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";

/** Looks at something outside; a failure there is said, and a bug of ours is thrown as ever. */
export async function lookAt<T>(
  fetch: () => Promise<T>,
  /** `needed` where nothing can be said without it, so that not seeing it is never fine. */
  weight: "needed" | "optional" = "optional",
): Promise<Look<T>> {
  try {
    return seen(await fetch());
  } catch (cause) {
    if (!(cause instanceof ExternalFailure)) throw cause;
    return { kind: "unseen", because: cause.message, passing: weight === "needed" || cause.retryable };
  }
}
