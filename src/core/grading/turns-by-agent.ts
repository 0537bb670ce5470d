import { matchesWildcard } from "../text/wildcard.ts";
import type { Span } from "../trajectory/trajectory.ts";
import type { Evidence, Grader } from "./grader.ts";

const SHOWN_MAX = 20;

/** Passes when these agents, and no others, had their turns in this order. */
export function routeOf(agents: readonly string[]): Grader {
  return onTurns((turns) => {
    const stretches = turns.filter((turn, index) => turn.agent !== turns[index - 1]?.agent);
    const place = stretches.findIndex((turn, index) => turn.agent !== agents[index]);
    const seen = stretches.map(({ agent }) => agent);
    if (place === -1 && seen.length === agents.length) {
      return { kind: "pass", because: `the agents were ${agents.join(" → ")}` };
    }
    const wrong = stretches[place];
    const instead = agents[place] ?? "nobody";
    return {
      kind: "fail",
      because:
        wrong === undefined
          ? `${agents[seen.length]} had no turn`
          : `${wrong.agent} had a turn where ${instead} was expected`,
      expected: agents.join(" → "),
      observed: seen.slice(0, SHOWN_MAX).join(" → "),
      ...(wrong === undefined ? {} : { spanId: wrong.id }),
    };
  });
}

/** Passes when this agent had no turn. */
export function neverRoutedTo(agent: string): Grader {
  return onTurns((turns) => {
    const turn = turns.find((one) => one.agent === agent);
    if (turn === undefined) return { kind: "pass", because: `${agent} had no turn` };
    const because = `${agent} had a turn`;
    return { kind: "fail", because, expected: `no turn of ${agent}`, observed: because, spanId: turn.id };
  });
}

/** Passes when every turn was made by one of these models. */
export function modelsOf(models: readonly string[]): Grader {
  return async ({ trajectory }) => {
    const turns = trajectory.spans.filter(({ kind }) => kind === "model");
    const wrong = turns.find(({ name }) => !models.some((model) => matchesWildcard(name, `model:${model}`)));
    if (wrong === undefined)
      return { kind: "pass", because: `every turn was made by ${models.join(" or ")}` };
    const observed = wrong.name.slice("model:".length);
    const because = `a turn was made by ${observed}`;
    return { kind: "fail", because, expected: models.join(" or "), observed, spanId: wrong.id };
  };
}

type Turn = Span & { readonly agent: string };

/** A trace that does not tell whose turn it was decides nothing. */
function onTurns(decide: (turns: readonly Turn[]) => Awaited<ReturnType<Grader>>): Grader {
  return async ({ trajectory }: Evidence) => {
    const models = trajectory.spans.filter(({ kind }) => kind === "model");
    const turns = models.filter((span): span is Turn => span.agent !== undefined);
    if (turns.length < models.length) {
      return { kind: "ungraded", because: "the trace does not tell which agent had which turn" };
    }
    return decide(turns);
  };
}
