import { createCheckoutRepository, findCheckout } from "../adapters/checkout/checkout-repository.ts";
import type { Repository } from "../ports/repository.ts";
import { type Terminal, UsageError } from "./command.ts";

/** The checkout that a command works on. */
export interface OpenCheckout {
  /** Its top folder. */
  readonly folder: string;
  readonly repository: Repository;
}

/** Opens the git checkout that the current folder lies in. */
export async function openCheckout({ folder }: Terminal): Promise<OpenCheckout> {
  const top = await findCheckout(folder);
  if (top === undefined) {
    throw new UsageError(
      `expected a git checkout, and ${folder} lies in none; go to one, or run \`git init\``,
    );
  }
  return { folder: top, repository: createCheckoutRepository(top) };
}
