/** A request that has no answer by then counts as failed. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Moves that are followed; GitHub itself answers a renamed repository with one. */
const MOVES_MAX = 3;
/** "Ask there instead", with the same method and body. 303 means another request, which is not what was meant. */
const MOVED = [301, 302, 307, 308];
/** The path of a repository in the API, after the path of the API itself. */
const REPOSITORY_PATH = /^(.*?)(\/(?:repos\/[^/]+\/[^/]+|repositories\/\d+)(?:\/.*)?)$/;
/** Where GitHub has its API: on a host of its own, or below this on a server of an enterprise. */
const API_ROOTS = ["", "/api/v3"];

/**
 * Fetches within a time limit, and follows what moved.
 *
 * Left to itself, fetch repeats a POST that is answered 301 or 302 as a GET: what should be created is lost, and a
 * list comes back as if all were well. Here the same request is repeated as it is, on the same server only. GitHub
 * behind a proxy names itself otherwise than we know it: a repository of the API there is asked for at our address.
 */
export async function fetchInPlace(url: string, init: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  let place = url;
  for (let moves = 0; ; moves += 1) {
    const response = await fetch(place, { ...init, signal, redirect: "manual" });
    const next = MOVED.includes(response.status) ? nextPlace(place, response) : undefined;
    if (next === undefined || moves === MOVES_MAX) return response;
    await response.body?.cancel();
    place = next;
  }
}

function nextPlace(from: string, { headers }: Response): string | undefined {
  const location = headers.get("location");
  if (location === null || !URL.canParse(location, from)) return undefined;
  const next = new URL(location, from);
  return next.origin === new URL(from).origin ? next.href : samePlaceHere(new URL(from), next);
}

/** The same repository of the API at the address that we ask; undefined where the other address is something else. */
function samePlaceHere(from: URL, next: URL): string | undefined {
  const [, ourRoot] = REPOSITORY_PATH.exec(from.pathname) ?? [];
  const [, theirRoot, path] = REPOSITORY_PATH.exec(next.pathname) ?? [];
  if (ourRoot === undefined || theirRoot === undefined || path === undefined) return undefined;
  if (theirRoot !== ourRoot && !API_ROOTS.includes(theirRoot)) return undefined;
  return `${from.origin}${ourRoot}${path}${next.search}`;
}
