import type { Agent } from "../../core/agent/agent.ts";
import { textOf } from "../../core/agent/chat.ts";
import { readNamedModel } from "../../core/agent/named-model.ts";
import { askForFilling, type Filling, NO_FILLING, readFilling } from "../../core/fixture/fill.ts";
import type { Postmortem } from "../../core/incident/postmortem.ts";
import type { Models } from "./deps.ts";

const FILLING_TOKENS_MAX = 4_096;

/** What a model fills in, where there is one and the postmortem leaves something open. */
export async function fetchFilling(
  postmortem: Postmortem,
  agent: Agent | undefined,
  models: Models | undefined,
  signal: AbortSignal,
): Promise<Filling> {
  const question = askForFilling(postmortem, agent);
  if (models === undefined || question === undefined) return NO_FILLING;
  const named = readNamedModel(models.draftModel);
  if (!models.providers.has(named.provider)) return NO_FILLING;
  const answer = await models.ask(
    {
      ...named,
      parameters: {},
      answerTokensMax: FILLING_TOKENS_MAX,
      system: [question.system],
      turns: [{ role: "user", parts: [{ kind: "text", text: question.user }] }],
      tools: [],
      outputSchema: question.schema,
    },
    signal,
  );
  return readFilling(jsonOf(textOf(answer.parts)), postmortem, { agent, model: models.draftModel });
}

/** The JSON of a model's answer; an answer that was cut off or is no JSON is read as nothing, and said to be unusable. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
