import { ExternalFailure } from "../../ports/external-failure.ts";

/** Does what a job can go on without: undefined where the outside failed. A bug of ours is thrown as ever. */
export async function bestEffort<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ExternalFailure) return undefined;
    throw cause;
  }
}
