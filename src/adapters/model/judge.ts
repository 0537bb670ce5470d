import { textOf } from "../../core/agent/chat.ts";
import { readNamedModel } from "../../core/agent/named-model.ts";
import type { AskJudge } from "../../core/grading/grader.ts";
import {
  askForJudgement,
  JUDGE_ITEMS_MAX,
  JUDGE_PROMPT_VERSION,
  readJudgement,
} from "../../core/grading/judge-prompt.ts";
import type { ChatModel } from "../../ports/chat-model.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";

const ANSWER_TOKENS_MAX = 8_192;

/** Makes a judge that decides every item of a question in one request; a judge that cannot be asked is unavailable, never in favour. */
export function createJudge(chatModel: ChatModel, name: string): AskJudge {
  const { provider, model } = readNamedModel(name);
  return async (question, signal) => {
    if (question.items.length > JUDGE_ITEMS_MAX) {
      return { kind: "unavailable", because: `a judge decides at most ${JUDGE_ITEMS_MAX} items` };
    }
    const { system, user, schema } = askForJudgement(question);
    try {
      const answer = await chatModel.ask(
        {
          provider,
          model,
          parameters: {},
          answerTokensMax: ANSWER_TOKENS_MAX,
          system: [system],
          turns: [{ role: "user", parts: [{ kind: "text", text: user }] }],
          tools: [],
          outputSchema: schema,
        },
        signal,
      );
      return {
        kind: "decided",
        decisions: readJudgement(textOf(answer.parts), question.items.length),
        judge: `${name}, prompt ${JUDGE_PROMPT_VERSION}`,
        model,
        usage: answer.usage,
      };
    } catch (error) {
      if (error instanceof ExternalFailure) return { kind: "unavailable", because: error.message };
      throw error;
    }
  };
}
