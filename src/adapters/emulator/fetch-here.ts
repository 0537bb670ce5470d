/** Fetches from a server on this machine; where it had just closed the kept connection, once more on a new one. */
export async function fetchHere(url: string | URL, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (!isClosedConnection(cause)) throw cause;
    return await fetch(url, init);
  }
}

/** A server in our own process closes an idle connection and is heard too late while the process is busy. */
function isClosedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error) || !("code" in cause)) return false;
  return cause.code === "ECONNRESET" || cause.code === "UND_ERR_SOCKET" || cause.code === "EPIPE";
}
