import { ExternalFailure } from "../ports/external-failure.ts";
import type { StoreFigures } from "../ports/figures.ts";
import type { Page } from "./http-page.ts";

/** What the page of the metrics is made from. */
export interface MetricsPageOptions {
  /** Writes the page, without the store's figures where there are none. */
  readonly write: (
    figures: StoreFigures | undefined,
  ) => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Throws ExternalFailure while the store is not open. */
  readonly fetchFigures: () => Promise<StoreFigures | undefined>;
}

/** The page that Prometheus reads. It needs no token: it holds numbers, and no name of a person, a repository or a text of theirs. */
export function metricsPage({ write, fetchFigures }: MetricsPageOptions): Page {
  return {
    path: "/metrics",
    async respond() {
      const { contentType, text } = await write(await figuresIfOpen(fetchFigures));
      return { status: 200, headers: { "content-type": contentType }, body: text };
    },
  };
}

async function figuresIfOpen(
  fetchFigures: MetricsPageOptions["fetchFigures"],
): Promise<StoreFigures | undefined> {
  try {
    return await fetchFigures();
  } catch (cause) {
    if (cause instanceof ExternalFailure) return undefined;
    throw cause;
  }
}
