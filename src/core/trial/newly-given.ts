import type { DeclarativeAgent } from "../agent/agent.ts";
import type { ChatRequest, Part, Turn } from "../agent/chat.ts";
import type { Fixture } from "../fixture/fixture.ts";
import type { Given } from "../trajectory/trajectory.ts";

/** What a model was given with the request before: whose prompt, and how many turns. */
export interface GivenBefore {
  readonly agent: string | undefined;
  readonly turns: number;
}

/** Before the first request. */
export const NOTHING_GIVEN: GivenBefore = { agent: undefined, turns: 0 };

/** Says what a request puts before the model that the one before did not; what the model said itself is not given. */
export function newlyGiven(
  agent: DeclarativeAgent,
  request: ChatRequest,
  before: GivenBefore,
  { input }: Fixture,
): Given {
  const { documents, state } = input.context;
  const isFirst = before.agent === undefined;
  // An agent that can search is given nothing of them beforehand.
  const isGivenDocuments = isFirst && agent.retrieval === undefined;
  return {
    texts: [
      ...(agent.name === before.agent ? [] : request.system),
      ...request.turns.slice(before.turns).flatMap((turn) => textsOf(turn, isFirst)),
    ],
    documents: isGivenDocuments ? documents.map(({ source }) => source) : [],
    state: isFirst ? state : {},
  };
}

function textsOf({ role, parts }: Turn, isFirst: boolean): readonly string[] {
  return role === "assistant" && !isFirst ? [] : parts.flatMap(textOf);
}

function textOf(part: Part): readonly string[] {
  if (part.kind === "text") return [part.text];
  return part.kind === "tool_result" ? [part.content] : [];
}
