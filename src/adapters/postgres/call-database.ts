import { z } from "zod";
import { ExternalFailure } from "../../ports/external-failure.ts";

/** SQLSTATE classes of the server's own trouble: connection, conflict, resources, operator, lock. */
const TROUBLE_CLASSES = new Set(["08", "40", "53", "55", "57", "58"]);
/** SQLSTATE classes of a place or a person that the server does not take: the operator must act. */
const REFUSAL_CLASSES = new Set(["28", "3D"]);
const NETWORK_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "EPIPE", "ETIMEDOUT"]);
const NETWORK_MESSAGES =
  /connection terminated|connection ended|timeout exceeded when trying to connect|client has encountered|query read timeout/i;

/** The part of a failure that tells whose it is, the same for both drivers. */
const failureSchema = z.object({ code: z.string().catch(""), message: z.string() });

/** Runs one database call; the database's own trouble becomes an ExternalFailure, a wrong statement stays our bug. */
export async function callDatabase<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const trouble = troubleOf(cause);
    if (trouble === undefined) throw cause;
    throw new ExternalFailure(`The database could not ${doing}: ${trouble.because}`, {
      system: "database",
      retryable: trouble.retryable,
      cause,
    });
  }
}

function troubleOf(cause: unknown): { because: string; retryable: boolean } | undefined {
  const read = failureSchema.safeParse(cause);
  if (!read.success) return undefined;
  const { code, message } = read.data;
  // Node gives the refusals of all the addresses of a name as one error without a message.
  const because = message || code;
  if (NETWORK_CODES.has(code)) return { because, retryable: true };
  if (code.length === 5) {
    const group = code.slice(0, 2);
    if (REFUSAL_CLASSES.has(group)) return { because, retryable: false };
    return TROUBLE_CLASSES.has(group) ? { because, retryable: true } : undefined;
  }
  return NETWORK_MESSAGES.test(message) ? { because, retryable: true } : undefined;
}
