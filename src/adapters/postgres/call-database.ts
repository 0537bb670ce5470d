import { ExternalFailure } from "../../ports/external-failure.ts";

/** SQLSTATE classes of the server's own trouble: connection, conflict, resources, operator, lock. */
const TROUBLE_CLASSES = new Set(["08", "40", "53", "55", "57", "58"]);
const NETWORK_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "EPIPE", "ETIMEDOUT"]);
const NETWORK_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered/i;

/** Runs one database call; the database's own trouble becomes an ExternalFailure, a wrong statement stays our bug. */
export async function callDatabase<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (!isTrouble(cause)) throw cause;
    throw new ExternalFailure(`The database could not ${doing}`, {
      system: "database",
      retryable: true,
      cause,
    });
  }
}

function isTrouble(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  if (NETWORK_CODES.has(code)) return true;
  if (code.length === 5) return TROUBLE_CLASSES.has(code.slice(0, 2));
  return NETWORK_MESSAGES.test(cause.message);
}
