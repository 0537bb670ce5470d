import type { Handler, Reply, Request } from "./exchange.ts";

/** A request that a route answers. */
export interface Call {
  readonly request: Request;
  /** What stands at the named places of the path. */
  readonly at: (place: string) => string;
  readonly query: URLSearchParams;
  /** What the emulator answers to this request, or to another one. */
  readonly pass: (request?: Request) => Promise<Reply>;
}

/** A path such as `GET /repos/:owner/:repo/pulls`, and what answers there; `*` stands for several segments. */
export type Routes = Readonly<Record<string, (call: Call) => Promise<Reply>>>;

/** Answers by the first route that fits, and passes on what none fits. */
export function routed(tables: readonly Routes[], pass: Handler): Handler {
  const routes = tables
    .flatMap((table) => Object.entries(table))
    .map(([name, answer]) => {
      const [method = "", path = ""] = name.split(" ");
      return { method, answer, pattern: patternOf(path) };
    });
  return async (request) => {
    const [path = "", query = ""] = request.path.split("?");
    for (const { method, pattern, answer } of routes) {
      if (method !== request.method) continue;
      const places = pattern.exec(path)?.groups;
      if (places === undefined) continue;
      return await answer({
        request,
        at: (place) => decodeURIComponent(places[place] ?? ""),
        query: new URLSearchParams(query),
        pass: (other = request) => pass(other),
      });
    }
    return await pass(request);
  };
}

function patternOf(path: string): RegExp {
  const pattern = path.replaceAll(/:(\w+)\*/g, "(?<$1>.+)").replaceAll(/:(\w+)/g, "(?<$1>[^/]+)");
  // A group even where the path names no place.
  return new RegExp(`^${pattern}(?<nothing>)$`);
}
