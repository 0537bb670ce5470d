import { FIELDS, type FieldId, type MissingField, type Postmortem } from "./postmortem.ts";

const NAMES_MAX = 20;

/** Names what the drafter needs and the postmortem does not say, each with what to write; `agentNames` are those of the configuration. */
export function missingFields(
  postmortem: Postmortem,
  agentNames: readonly string[],
): readonly MissingField[] {
  const agent = missingAgent(postmortem, agentNames);
  // What is expected of which agent may tell the failure, so that is asked first.
  const mayFollow = agent.length > 0 && expectsSomething(postmortem);
  return [
    ...(postmortem.messages.length > 0
      ? []
      : [ask("user_input", "Write what the user sent, word for word where you can.")]),
    ...(expectsSomething(postmortem)
      ? []
      : [
          ask(
            "expected",
            "Say what the agent should have done, or fill in what it must or must not do or call.",
          ),
        ]),
    ...agent,
    ...(mayFollow ? [] : missingFailure(postmortem)),
  ];
}

function expectsSomething(postmortem: Postmortem): boolean {
  const { expected, must, mustNot, toolsRequired, toolsForbidden } = postmortem;
  return (
    expected !== undefined || [must, mustNot, toolsRequired, toolsForbidden].some((list) => list.length > 0)
  );
}

function missingAgent({ agent }: Postmortem, names: readonly string[]): readonly MissingField[] {
  const isKnown = names.some((name) => name.toLowerCase() === agent?.toLowerCase());
  if (names.length <= 1 || isKnown) return [];
  const list = names.slice(0, NAMES_MAX).join(", ");
  return [
    ask(
      "agent",
      agent === undefined
        ? `Name the agent: one of ${list}.`
        : `The configuration has no agent of that name; name one of ${list}.`,
    ),
  ];
}

/** One of the two is enough: the other follows from it, from the signal or from forbidden tools that were called. */
function missingFailure({
  failureTypes,
  failureTags,
  severity,
  signal,
  toolsForbidden,
  calls,
}: Postmortem): readonly MissingField[] {
  const known = failureTypes.length > 0 || failureTags.length > 0 || severity !== undefined;
  const told = signal !== undefined && signal !== "incident";
  const called = calls.some(({ tool }) => toolsForbidden.includes(tool));
  if (known || told || called) return [];
  return [
    ask(
      "failure_types",
      "Name the kind of failure, such as hallucination or skipped approval; this or the severity is enough.",
    ),
    ask("severity", "Choose a severity from S1 (worst) to S4."),
  ];
}

function ask(field: FieldId, text: string): MissingField {
  return { field, label: FIELDS.find(({ id }) => id === field)?.label ?? field, ask: text };
}

/** Asked for where everything is filled in and yet nothing follows from it that a run could fail on. */
export const NOTHING_TO_CHECK: MissingField = ask(
  "expected",
  "Say what it should have done so that a run can be checked: a tool that it must or must not call, words that it must not say, a limit in seconds or USD.",
);
