import { z } from "zod";
import { ExternalFailure } from "../ports/external-failure.ts";
import { UsageError } from "./command.ts";

const REQUEST_TIMEOUT_MS = 30_000;

const notReady = z.object({ reasons: z.array(z.string()) });

/** Gives the function that asks a server why it cannot take work; it throws ExternalFailure where the server does not say. */
export function fetchReasonsNotReady(server: string, signal: AbortSignal): () => Promise<readonly string[]> {
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol))
    throw new UsageError("--server takes an address such as http://127.0.0.1:3000");
  const address = `${server.replace(/\/+$/, "")}/ready`;
  const failed = (because: string) =>
    new ExternalFailure(`${address} ${because}`, { system: "database", retryable: true });
  return async () => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const response = await fetch(address, { signal: limit, redirect: "error" }).catch(() => {
      signal.throwIfAborted();
      throw failed("cannot be asked: is the server running, and is this its address?");
    });
    if (response.status === 200) return [];
    const said = notReady.safeParse(await response.json().catch(() => undefined));
    if (!said.success) throw failed(`answered ${response.status} and no reasons`);
    return said.data.reasons;
  };
}
