import type { ChangedFile } from "../change/change-type.ts";
import { type Config, isDeclared } from "../config/config.ts";
import type { Snapshot } from "../suite/snapshot.ts";
import { readFrontMatter } from "../text/front-matter.ts";
import { compileGlobs, type PathTest } from "../text/glob.ts";

/** Two commits with the texts of the prompts that differ, and of all prompts of the base. */
export interface PromptSides {
  readonly configs: readonly Config[];
  readonly base: Snapshot;
  readonly head: Snapshot;
  readonly files: readonly ChangedFile[];
}

/**
 * Finds prompts that get front matter where none of the base has any.
 *
 * The gate gives no agent what stands there. Whether the deployed agent reads it, nothing tells: what a repository
 * already has was seen by whoever approved it, but the first one may keep words from the gate, or words that only
 * the deployed agent is spared.
 */
export function findHiddenWords({ configs, base, head, files }: PromptSides): readonly string[] {
  const isPrompt = promptTest(configs);
  const isUsual = [...base.files].some(([path, text]) => isPrompt(path) && hasFrontMatter(text));
  if (isUsual) return [];
  return files
    .map(({ path }) => path)
    .filter((path) => isPrompt(path) && hasFrontMatter(head.files.get(path)));
}

/** Makes the test for files whose text is given to an agent as its system prompt. */
export function promptTest(configs: readonly Config[]): PathTest {
  const agents = configs.flatMap((config) => Object.values(config.agents)).filter(isDeclared);
  return compileGlobs([...new Set(agents.flatMap(({ system }) => system))]);
}

function hasFrontMatter(text: string | undefined): boolean {
  return text !== undefined && readFrontMatter(text).kind === "read";
}
