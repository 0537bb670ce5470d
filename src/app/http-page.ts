/** A request as a page sees it. */
export interface PageRequest {
  readonly url: URL;
  /** A header by its name in small letters; empty where it was not sent. */
  readonly header: (name: string) => string;
  /** Reads the body as text; undefined where it is longer than a form of ours, or ended early. */
  readonly readText: () => Promise<string | undefined>;
}

/** What a page answers. */
export interface PageResponse {
  readonly status: number;
  /** Lower-case names; they go over the security headers that every answer has. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True where the connection must not be used again. */
  readonly close?: boolean;
}

/** A page that can be asked over HTTP; HEAD and other methods are dealt with before it is asked. */
export interface Page {
  /** An exact path such as `/metrics`, or one that ends in `/*` for all below it. */
  readonly path: string;
  /** Default is GET. */
  readonly method?: "GET" | "POST";
  /** Answers a request of its method. */
  respond(request: PageRequest): Promise<PageResponse>;
}

/** Finds the first page for a method and a path, or the methods that the path takes: none where there is nothing. */
export function findPage(
  pages: readonly Page[],
  method: string,
  path: string,
): { readonly page: Page | undefined; readonly methods: readonly string[] } {
  const here = pages.filter((page) =>
    page.path.endsWith("/*") ? path.startsWith(page.path.slice(0, -1)) : path === page.path,
  );
  const asked = method === "HEAD" ? "GET" : method;
  return {
    page: here.find((page) => methodOf(page) === asked),
    methods: [...new Set(here.flatMap((page) => (methodOf(page) === "GET" ? ["GET", "HEAD"] : ["POST"])))],
  };
}

/** An answer in JSON. */
export function json(status: number, value: object): PageResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: `${JSON.stringify(value)}\n`,
  };
}

function methodOf({ method = "GET" }: Page): "GET" | "POST" {
  return method;
}
