import { z } from "zod";
import type { JudgeAnswer } from "../grading/grader.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";

/** What is kept of a trial: what the agent did, and what a judge said of it. */
export interface StoredTrial {
  /** When the agent ran, as an ISO date in UTC. */
  readonly at: string;
  /** What the trial came to then; what was not decided is kept to be graded again and stands for no new trial. */
  readonly status: "passed" | "failed" | "ungraded";
  readonly trajectory: Trajectory;
  /** Decisions of judges, by the digest of judge and question. */
  readonly judged: Readonly<Record<string, JudgeAnswer>>;
}

const usage = z.looseObject({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
});

/** Enough of the shape to tell an entry of ours from one that is broken or of another version. */
const storedSchema = z.object({
  at: z.iso.datetime(),
  status: z.enum(["passed", "failed", "ungraded"]),
  trajectory: z.looseObject({
    spans: z.array(z.looseObject({ id: z.string(), kind: z.string(), name: z.string(), status: z.string() })),
    stopReason: z.string(),
    output: z.string(),
    usage,
    turns: z.number(),
    latencyMs: z.number(),
    gaps: z.array(z.looseObject({ tool: z.string() })),
    kinds: z.array(z.string()).optional(),
  }),
  judged: z.record(z.string(), z.looseObject({ kind: z.literal("decided") })),
});

/** Writes a trial as one line of JSON. */
export function writeStoredTrial(stored: StoredTrial): string {
  const { kinds, ...trajectory } = stored.trajectory;
  return JSON.stringify({
    ...stored,
    trajectory: kinds === undefined ? trajectory : { ...trajectory, kinds: [...kinds] },
  });
}

/** Reads a kept trial; undefined where the text is none. */
export function readStoredTrial(text: string): StoredTrial | undefined {
  const read = storedSchema.safeParse(parseJson(text));
  if (!read.success) return undefined;
  const { kinds, ...trajectory } = read.data.trajectory;
  const stored: unknown = {
    ...read.data,
    trajectory: kinds === undefined ? trajectory : { ...trajectory, kinds: new Set(kinds) },
  };
  return isStoredTrial(stored) ? stored : undefined;
}

/** The schema has looked at what another version could have written otherwise; the rest comes from `writeStoredTrial`. */
function isStoredTrial(value: unknown): value is StoredTrial {
  return typeof value === "object" && value !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
