import type { JsonObject } from "../json.ts";
import { matchesWildcard } from "../text/wildcard.ts";
import { argumentDifferences } from "../trajectory/argument-differences.ts";
import { type Given, isNamed, type Span, type Trajectory } from "../trajectory/trajectory.ts";
import { onlyIfDelivered } from "./deliverable.ts";
import { excerpt } from "./excerpt.ts";
import type { Grade, Grader } from "./grader.ts";
import { spanTest } from "./span-test.ts";

/** What a model has seen up to a span, with the spans that told it. */
interface Seen {
  readonly turns: readonly (Span & { readonly given: Given })[];
  readonly searches: readonly Span[];
}

/** Passes when the text was put before the model, whatever the case of its letters. */
export function contextContains(text: string, before: string | undefined): Grader {
  return onSeen(before, ({ turns }) => {
    const turn = turns.find(({ given }) => holds(given, text));
    const shown = `"${excerpt(text)}"`;
    if (turn !== undefined) return { kind: "pass", because: `the model was given ${shown}`, spanId: turn.id };
    return missing(shown, turns);
  });
}

/** Passes when the text never came before the model, whatever the case of its letters. */
export function contextLacks(text: string, before: string | undefined): Grader {
  return onSeen(before, ({ turns }) => {
    const turn = turns.find(({ given }) => holds(given, text));
    const shown = `"${excerpt(text)}"`;
    if (turn === undefined) return { kind: "pass", because: `the model was not given ${shown}` };
    const because = `the model was given ${shown}`;
    return {
      kind: "fail",
      because,
      expected: `a context without ${shown}`,
      observed: because,
      spanId: turn.id,
    };
  });
}

/** Passes when a document of this source was put before the model, at once or by a search. */
export function contextDocument(source: string, before: string | undefined): Grader {
  return onSeen(before, ({ turns, searches }) => {
    const turn = turns.find(({ given }) => given.documents.some((one) => matchesWildcard(one, source)));
    const found = turn ?? searches.find((span) => isNamed(span, `retrieval:${source}`));
    if (found === undefined) return missing(`the document ${source}`, turns);
    return { kind: "pass", because: `the model was given the document ${source}`, spanId: found.id };
  });
}

/** Passes when the state that was put before the model held this. */
export function contextState(state: JsonObject, before: string | undefined): Grader {
  return onSeen(before, ({ turns }) => {
    const given = Object.fromEntries(turns.flatMap((turn) => Object.entries(turn.given.state)));
    const differs = argumentDifferences(state, given, "among others");
    if (differs.length === 0) return { kind: "pass", because: "the model was given this state" };
    return missing(`the state: ${differs.join("; ")}`, turns);
  });
}

/** Passes when no request held more tokens than this; a request that does not say leaves it open. */
export function contextTokens(limit: number): Grader {
  return async ({ trajectory }) => {
    const turns = trajectory.spans.filter(({ kind }) => kind === "model");
    if (turns.some(({ usage }) => usage === undefined)) {
      return { kind: "ungraded", because: "the trace does not tell how many tokens each request held" };
    }
    const sizes = turns.map(({ usage }) =>
      usage === undefined ? 0 : usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
    );
    const place = sizes.findIndex((size) => size > limit);
    const turn = turns[place];
    if (turn === undefined) return { kind: "pass", because: `no request held more than ${limit} tokens` };
    const because = `a request held ${sizes[place]} tokens`;
    return { kind: "fail", because, expected: `at most ${limit} tokens`, observed: because, spanId: turn.id };
  };
}

function onSeen(before: string | undefined, decide: (seen: Seen) => Grade): Grader {
  const kinds = before === undefined ? [] : spanTest(before).kinds;
  return onlyIfDelivered(kinds, async ({ trajectory }) => {
    const end =
      before === undefined ? undefined : trajectory.spans.findIndex((span) => isNamed(span, before));
    if (end === -1) return { kind: "pass", because: `${before} did not occur` };
    const seen = seenUntil(trajectory, end);
    return seen === undefined
      ? { kind: "ungraded", because: "the trace does not tell what the model was given" }
      : decide(seen);
  });
}

function seenUntil({ spans }: Trajectory, end: number | undefined): Seen | undefined {
  const before = spans.slice(0, end);
  const models = before.filter(({ kind }) => kind === "model");
  const turns = models.filter((span): span is Seen["turns"][number] => span.given !== undefined);
  if (turns.length < models.length) return undefined;
  const lastTurn = before.findLastIndex(({ kind }) => kind === "model");
  return {
    turns,
    searches: before.slice(0, Math.max(0, lastTurn)).filter(({ kind }) => kind === "retrieval"),
  };
}

function holds({ texts }: Given, text: string): boolean {
  const wanted = text.toLowerCase();
  return texts.some((given) => given.toLowerCase().includes(wanted));
}

function missing(what: string, turns: readonly Span[]): Grade {
  const because = `the model was not given ${what}`;
  const last = turns.at(-1);
  const place = last === undefined ? {} : { spanId: last.id };
  return { kind: "fail", because, expected: `a context with ${what}`, observed: because, ...place };
}
