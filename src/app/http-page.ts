/** What a page answers. */
export interface PageResponse {
  readonly status: number;
  /** Lower-case names; they go over the security headers that every answer has. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True where the connection must not be used again. */
  readonly close?: boolean;
}

/** A page that can be read over HTTP; HEAD and other methods are dealt with before it is asked. */
export interface Page {
  /** An exact path such as `/metrics`, or one that ends in `/*` for all below it. */
  readonly path: string;
  /** Answers a GET. */
  respond(url: URL): Promise<PageResponse>;
}

/** Finds the first page for a path. */
export function findPage(pages: readonly Page[], path: string): Page | undefined {
  return pages.find((page) =>
    page.path.endsWith("/*") ? path.startsWith(page.path.slice(0, -1)) : path === page.path,
  );
}
