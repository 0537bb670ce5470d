/** A request that has no answer by then counts as failed. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Moves that are followed; GitHub itself answers a renamed repository with one. */
const MOVES_MAX = 3;
/** "Ask there instead", with the same method and body. 303 means another request, which is not what was meant. */
const MOVED = [301, 302, 307, 308];

/**
 * Fetches within a time limit, and follows what moved.
 *
 * Left to itself, fetch repeats a POST that is answered 301 or 302 as a GET: what should be created is lost, and a
 * list comes back as if all were well. Here the same request is repeated as it is, on the same server only.
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
  return next.origin === new URL(from).origin ? next.href : undefined;
}
