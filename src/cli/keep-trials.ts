import { createHash } from "node:crypto";
import type { KeptTrials } from "../app/kept-trials.ts";
import { VERSION } from "../app/version.ts";
import type { Config } from "../core/config/config.ts";
import { JUDGE_PROMPT_VERSION } from "../core/grading/judge-prompt.ts";
import type { TrialStore } from "../ports/trial-store.ts";
import type { Terminal } from "./command.ts";

/** Digest of a text, as hex. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What decides how agents answer beside their files: this program and the providers that it asks. */
export function scopeOf({ environment }: Pick<Terminal, "environment">): string {
  const { ANTHROPIC_BASE_URL, OPENAI_BASE_URL } = environment;
  return JSON.stringify([VERSION, ANTHROPIC_BASE_URL ?? "", OPENAI_BASE_URL ?? ""]);
}

/** Names the judge, so that what it said stands for no other one. */
export function judgeOf(
  { judge }: Pick<Config, "judge">,
  { environment }: Pick<Terminal, "environment">,
): string {
  return JSON.stringify([judge, environment.JUDGE_MODEL ?? "", JUDGE_PROMPT_VERSION]);
}

/** Keeps trials of a checkout as its configuration and the environment have them run. */
export function keepingTrials(
  store: TrialStore,
  config: Pick<Config, "judge">,
  reuses: boolean,
  terminal: Pick<Terminal, "environment" | "now">,
): KeptTrials {
  const scope = scopeOf(terminal);
  return { store, digest, now: terminal.now, scope, judge: judgeOf(config, terminal), reuses };
}
