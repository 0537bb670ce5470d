import { createHash } from "node:crypto";
import type { z } from "zod";
import { type Config, configSchema } from "../../src/core/config/config.ts";
import type { Snapshot, Tree, TreeEntry } from "../../src/core/suite/snapshot.ts";

export type WrittenConfig = z.input<typeof configSchema>;
/** An agent that is replayed from its files. */
export type WrittenAgent = Extract<WrittenConfig["agents"][string], { readonly system: unknown }>;

/** A complete agent as a person writes it, which uses every place that a change can touch. */
export function aWrittenAgent(overrides: Partial<WrittenAgent> = {}): WrittenAgent {
  return {
    target: "anthropic",
    model: { file: "agent/model.yml", key: "model", parameters: "parameters" },
    system: ["agent/prompts/system.md", "agent/policies/refund.md"],
    tools: "agent/tools.json",
    memory: ["agent/memory/*.md"],
    retrieval: { tool: "search_docs", documents: ["kb/**/*.md"] },
    ...overrides,
  };
}

/** A complete configuration with every default filled in; the agent is called refund unless agents are given. */
export function aConfig(overrides: Partial<WrittenConfig> = {}): Config {
  return configSchema.parse({ version: 1, agents: { refund: aWrittenAgent() }, ...overrides });
}

/** The files that the agent of `aWrittenAgent` needs. */
export const AGENT_FILES: Readonly<Record<string, string>> = {
  "agent/model.yml": "model: m-1\nparameters:\n  temperature: 0\nnote: chosen in spring\n",
  "agent/prompts/system.md": "You help with refunds.\n",
  "agent/policies/refund.md": "Refunds over 100 need approval.\n",
  "agent/tools.json": JSON.stringify([
    { name: "read_order", description: "Reads an order.", input_schema: { type: "object" } },
  ]),
  "agent/memory/tone.md": "Be brief.\n",
  "kb/refund_policy.md": "Refunds take five days.\n",
  "kb/shipping/times.md": "Parcels take two days.\n",
};

/** A file of a tree that is not an ordinary one, such as a link (120000) or a submodule (160000). */
export interface OddFile {
  readonly mode: string;
  readonly content?: string;
  readonly size?: number;
}

/** A tree of these files; a text is the content of an ordinary one. */
export function aTree(files: Readonly<Record<string, string | OddFile>>, commit = "c0ffee"): Tree {
  const entries = Object.entries(files).map(([path, file]) => [path, anEntry(path, file)] as const);
  return { commit, entries: new Map(entries), truncated: false };
}

/** A tree of these files with all their contents. */
export function aSnapshot(files: Readonly<Record<string, string | OddFile>>, commit = "c0ffee"): Snapshot {
  const texts = Object.entries(files).map(
    ([path, file]) => [path, typeof file === "string" ? file : (file.content ?? "")] as const,
  );
  return { tree: aTree(files, commit), files: new Map(texts) };
}

/** An entry of a tree, with the id that git gives such a content. */
export function anEntry(path: string, file: string | OddFile): TreeEntry {
  const { mode, content = "", size } = typeof file === "string" ? { mode: "100644", content: file } : file;
  const sha = createHash("sha1")
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest("hex");
  return { path, sha, mode, size: size ?? Buffer.byteLength(content) };
}
