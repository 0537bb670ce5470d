import { assertNever, type Problem, problemText } from "../problem.ts";
import { inlineCode, inlineText, oneLine } from "../text/markdown.ts";
import { plural } from "./amounts.ts";
import type { Annotation } from "./check-run.ts";
import type { GateObstacle } from "./gate-report.ts";
import { renderProblems } from "./problem-table.ts";

const PROBLEMS_ANNOTATED_MAX = 50;
const TEXT_LENGTH_MAX = 500;
const RERUN = "press **Re-run** on this check or comment `/incident-to-eval rerun`";

interface Explanation {
  readonly title: string;
  readonly what: string;
  readonly who: string;
  readonly steps: readonly string[];
  readonly problems?: readonly Problem[];
}

/** Says why a run could not be made, who has to act and what to do. */
export function explainObstacle(obstacle: GateObstacle): {
  readonly title: string;
  readonly summary: string;
} {
  const explanation = explain(obstacle);
  return { title: explanation.title, summary: renderExplanation(explanation) };
}

function explain(obstacle: GateObstacle): Explanation {
  switch (obstacle.kind) {
    case "configuration":
      return explainConfiguration(obstacle);
    case "agent":
      return {
        title: `Could not evaluate: agent ${oneLine(obstacle.agent, 80)} cannot be read`,
        what: `The files of the agent ${inlineCode(obstacle.agent)} at this commit do not make an agent that can be run, so no fixture was.`,
        who: "the author of this pull request",
        steps: ["Mend what the table names and push."],
        problems: obstacle.problems,
      };
    case "outage":
      return {
        title: `Could not evaluate: ${oneLine(obstacle.system, 80)} does not answer`,
        what: `We tried several times, and ${inlineCode(obstacle.system)} kept failing: ${inlineText(obstacle.message, TEXT_LENGTH_MAX)}`,
        who: "anyone with write access",
        steps: [`When it answers again, ${RERUN}. Nothing in this pull request has to change.`],
      };
    case "no_model_key":
      return {
        title: "Could not evaluate: the app has no model key",
        what: "Fixtures are run by asking the agent's model, and this installation of the app has no key for it.",
        who: "whoever operates the app",
        steps: [
          `Set ${(obstacle.providers ?? ["anthropic"]).map((provider) => `\`${provider.toUpperCase()}_API_KEY\``).join(" and ")} in the environment of the app and restart it.`,
          `Then ${RERUN}.`,
        ],
      };
    case "fork":
      return {
        title: "Waiting for a maintainer: this comes from a fork",
        what: `Running fixtures costs money, so nothing runs for a fork (here of ${inlineCode(obstacle.owner)}) until somebody with write access has looked at it.`,
        who: "a maintainer with write access",
        steps: [
          "Look at the changes of prompts, tools and fixtures.",
          "Comment `/incident-to-eval run`: it holds for this commit only.",
        ],
      };
    case "fault":
      return {
        title: "Could not evaluate: a fault in incident-to-eval",
        what: `The app failed in a way that it does not know. It is written in its log under the reference ${inlineCode(obstacle.reference)}.`,
        who: "anyone with write access",
        steps: [
          `To try again, ${RERUN}.`,
          "If it fails again, give the reference to whoever operates the app.",
        ],
      };
    default:
      return assertNever(obstacle);
  }
}

function explainConfiguration({
  path,
  at,
  problems,
}: Extract<GateObstacle, { kind: "configuration" }>): Explanation {
  const isHere = at === "head";
  return {
    title: `Could not evaluate: the configuration has ${plural(problems.length, "problem")}`,
    what: `${inlineCode(path)} ${isHere ? "at this commit" : "on the default branch"} cannot be used, so nothing was run.`,
    who: isHere ? "the author of this pull request" : "whoever maintains the default branch",
    steps: [
      `Mend what the table names${isHere ? " and push" : " on the default branch"}; \`npx incident-to-eval validate\` checks it before.`,
      ...(isHere ? [] : [`Then ${RERUN}.`]),
    ],
    problems,
  };
}

function renderExplanation({ what, who, steps, problems = [] }: Explanation): string {
  const parts = [
    what,
    "What is not known to pass does not pass, so both checks stay red.",
    `**Who has to act:** ${who}.`,
    steps.map((step, index) => `${index + 1}. ${step}`).join("\n"),
    ...(problems.length === 0 ? [] : [renderProblems(problems)]),
  ];
  return parts.join("\n\n");
}

/** Remarks on the lines of a configuration that this commit breaks. */
export function annotateObstacle(obstacle: GateObstacle): readonly Annotation[] {
  if (obstacle.kind !== "configuration" || obstacle.at !== "head") return [];
  return obstacle.problems.slice(0, PROBLEMS_ANNOTATED_MAX).map((problem) => ({
    path: obstacle.path,
    startLine: problem.line ?? 1,
    endLine: problem.line ?? 1,
    level: "failure",
    title: "The configuration cannot be used",
    message: oneLine(problemText(problem), TEXT_LENGTH_MAX),
  }));
}
