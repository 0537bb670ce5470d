import { ExternalFailure } from "../ports/external-failure.ts";
import type { StoreFigures } from "../ports/figures.ts";

/** Looks come as often as somebody likes; the store is asked this often at most. */
const FIGURES_KEPT_MS = 5_000;
/** Who looks gets an answer without figures then: a page must not wait for a store that is busy. */
const WAIT_MS_MAX = 3_000;

/** Makes the function that says how the store stands, a few seconds late at most; undefined where the store does not say in time. */
export function cachedFigures(
  fetchFigures: () => Promise<StoreFigures>,
  elapsedMs: () => number,
): () => Promise<StoreFigures | undefined> {
  let asked: { readonly atMs: number; readonly figures: Promise<StoreFigures | undefined> } | undefined;
  return () => {
    const atMs = elapsedMs();
    if (asked === undefined || atMs - asked.atMs >= FIGURES_KEPT_MS)
      asked = { atMs, figures: inTime(fetchFigures()) };
    return asked.figures;
  };
}

async function inTime(figures: Promise<StoreFigures>): Promise<StoreFigures | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), WAIT_MS_MAX);
  try {
    return await Promise.race([figures, late.promise]);
  } catch (cause) {
    if (cause instanceof ExternalFailure) return undefined;
    throw cause;
  } finally {
    clearTimeout(timer);
    // Whoever came too late is heard by nobody.
    figures.catch(() => undefined);
  }
}
