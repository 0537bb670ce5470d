import { createHash } from "node:crypto";
import { textOf } from "../../core/agent/chat.ts";
import { readNamedModel } from "../../core/agent/named-model.ts";
import type { AskJudge } from "../../core/grading/grader.ts";
import { questionText } from "../../core/grading/judge-panel.ts";
import { askForJudgement, JUDGE_ITEMS_MAX, readJudgement } from "../../core/grading/judge-prompt.ts";
import { JUDGE_PARAMETERS, modelVersion } from "../../core/grading/judge-version.ts";
import type { ChatModel } from "../../ports/chat-model.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";

const MARK_LENGTH = 24;

/** Digest of a text, as hex. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Makes a judge that decides every item of a question in one request; a judge that cannot be asked is unavailable, never in favour. */
export function createJudge(chatModel: ChatModel, name: string): AskJudge {
  const { provider, model } = readNamedModel(name);
  const version = modelVersion(name, digest);
  return async (question, signal) => {
    if (question.items.length > JUDGE_ITEMS_MAX) {
      return { kind: "unavailable", because: `a judge decides at most ${JUDGE_ITEMS_MAX} items` };
    }
    const { system, user, schema } = askForJudgement(
      question,
      digest(questionText(question)).slice(0, MARK_LENGTH),
    );
    try {
      const answer = await chatModel.ask(
        {
          provider,
          model,
          parameters: {},
          answerTokensMax: JUDGE_PARAMETERS.answerTokensMax,
          system: [system],
          turns: [{ role: "user", parts: [{ kind: "text", text: user }] }],
          tools: [],
          outputSchema: schema,
        },
        signal,
      );
      return {
        kind: "decided",
        decisions: readJudgement(textOf(answer.parts), question),
        judge: `${name}, version ${version}`,
        model,
        usage: answer.usage,
      };
    } catch (error) {
      if (error instanceof ExternalFailure) return { kind: "unavailable", because: error.message };
      throw error;
    }
  };
}
