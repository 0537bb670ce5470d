import { existsSync } from "node:fs";
import { join } from "node:path";
import { createCheckoutRepository, findCheckout } from "../adapters/checkout/checkout-repository.ts";
import { askGit } from "../adapters/checkout/run-git.ts";
import type { Repository } from "../ports/repository.ts";
import { type Terminal, UsageError } from "./command.ts";
import { OWN_FOLDER } from "./own-folder.ts";

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
  await refuseForeignNotes(top);
  return { folder: top, repository: createCheckoutRepository(top) };
}

/**
 * What is kept between runs is believed. Where it came with the repository, whoever wrote a pull request wrote it,
 * and could have an agent pass that was never run.
 */
async function refuseForeignNotes(top: string): Promise<void> {
  if (!existsSync(join(top, OWN_FOLDER))) return;
  const tracked = await askGit(top, ["ls-files", "-z", "--", `:(top,icase)${OWN_FOLDER}`]);
  if (tracked === "") return;
  throw new UsageError(
    `${OWN_FOLDER}/ is part of the repository, and what is kept there must not come with it: \`git rm -r --cached ${OWN_FOLDER}\`, and remove it here`,
  );
}
