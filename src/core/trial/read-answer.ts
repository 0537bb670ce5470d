import type { OutsideAgent } from "../agent/agent.ts";
import { type AgentAnswer, agentAnswerSchema } from "../agent/outside-contract.ts";
import type { Fixture } from "../fixture/fixture.ts";
import { isDeeperThan, type JsonValue } from "../json.ts";
import { type Parsed, type Problem, parsed, problemText, unusable } from "../problem.ts";
import { schemaProblems } from "../schema-problems.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import { toldTrajectory } from "./told-trajectory.ts";

/** How long an answer may be, in bytes; a trace of some hundred steps with all they hold stays well below. */
export const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
const ANSWER_DEPTH_MAX = 100;
const PROBLEMS_SHOWN_MAX = 5;

/** What an answer of an agent that runs elsewhere is read as. */
export type ReadAnswer =
  | { readonly kind: "told"; readonly trajectory: Trajectory }
  /** It ran another commit, perhaps only until its deployment is done. */
  | { readonly kind: "other_commit"; readonly because: string }
  | { readonly kind: "unusable"; readonly because: string };

/** Reads what an agent that runs elsewhere answered to a fixture, after so many milliseconds. */
export function readAgentAnswer(
  text: string,
  agent: OutsideAgent,
  fixture: Fixture,
  latencyMs: number,
): ReadAnswer {
  const read = parseAnswer(text);
  if (read.kind === "unusable") {
    const shown = read.problems.slice(0, PROBLEMS_SHOWN_MAX).map(problemText).join("; ");
    return { kind: "unusable", because: `the answer is not of the published shape: ${shown}` };
  }
  const answer = read.value;
  if (answer.commit !== agent.commit) {
    const because = `it ran the commit ${answer.commit.slice(0, 80)}, and was asked for ${agent.commit}`;
    return { kind: "other_commit", because };
  }
  return { kind: "told", trajectory: toldTrajectory(answer, agent, fixture, latencyMs) };
}

function parseAnswer(text: string): Parsed<AgentAnswer> {
  const value = parseJson(text);
  if (value === undefined) return unusable([problem("JSON", "text that is none")]);
  if (isDeeperThan(value, ANSWER_DEPTH_MAX)) {
    return unusable([problem(`at most ${ANSWER_DEPTH_MAX} levels`, "JSON that nests deeper")]);
  }
  const shaped = agentAnswerSchema.safeParse(value);
  if (shaped.success) return parsed(shaped.data);
  return unusable(schemaProblems(shaped.error.issues, { schema: agentAnswerSchema, value }));
}

function problem(expected: string, got: string): Problem {
  return { at: "the answer", expected, got };
}

function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
