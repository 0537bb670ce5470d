import { z } from "zod";

const closedConnection = z.object({
  cause: z.object({ code: z.enum(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]) }),
});

/**
 * Fetches from a server on this machine; where it had just closed the kept connection, once more on a new one.
 * A server in our own process closes an idle connection, and while the process is busy that is heard too late.
 */
export async function fetchHere(url: string | URL, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (!closedConnection.safeParse(cause).success) throw cause;
    return await fetch(url, init);
  }
}
