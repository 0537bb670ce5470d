import { matchesWildcard } from "../text/wildcard.ts";
import { afterDenial } from "./after-denial.ts";
import { cited } from "./cited.ts";
import { contextContains, contextDocument, contextLacks, contextState, contextTokens } from "./context.ts";
import { forbiddenSpan } from "./forbidden-span.ts";
import { fresh } from "./fresh.ts";
import { memoryNeverWrites, memoryOnly, memoryReadsAfter, memoryWrites, memoryWritesLack } from "./memory.ts";
import { occurs } from "./occurs.ts";
import { listText, only } from "./only.ts";
import { each, type GraderEntry, one } from "./placing.ts";
import { refusal } from "./refusal.ts";
import { finalState, transitions } from "./state.ts";
import { modelsOf, neverRoutedTo, routeOf } from "./turns-by-agent.ts";

/** Graders of the layers around the path: route, context, retrieval, state, memory and policy. */
export const LAYER_GRADERS: readonly GraderEntry[] = [
  one("route", "route.agents", (e) => e.route?.agents, routeOf),
  each("never-routed", "route.never", (e) => e.route?.never, neverRoutedTo),
  one("models", "route.models", (e) => e.route?.models, modelsOf),

  each(
    "context-document",
    "context.documents",
    (e) => e.context?.documents,
    (source, e) => contextDocument(source, e.context?.before),
  ),
  each(
    "context-memory",
    "context.memory",
    (e) => e.context?.memory,
    (text, e) => contextContains(text, e.context?.before),
  ),
  one(
    "context-state",
    "context.state",
    (e) => e.context?.state,
    (state, e) => contextState(state, e.context?.before),
  ),
  each(
    "context-contains",
    "context.must_contain",
    (e) => e.context?.must_contain,
    (text, e) => contextContains(text, e.context?.before),
  ),
  each(
    "context-lacks",
    "context.must_not_contain",
    (e) => e.context?.must_not_contain,
    (text, e) => contextLacks(text, e.context?.before),
  ),
  one("context-tokens", "context.max_input_tokens", (e) => e.context?.max_input_tokens, contextTokens),

  each(
    "retrieved",
    "retrieval.required",
    (e) => e.retrieval?.required,
    (source) => occurs({ of: `retrieval:${source}` }),
  ),
  each(
    "not-retrieved",
    "retrieval.forbidden",
    (e) => e.retrieval?.forbidden,
    (source) => forbiddenSpan(`retrieval:${source}`),
  ),
  one("allowed-sources", "retrieval.allowed", (e) => e.retrieval?.allowed, allowedSources),
  each("fresh", "retrieval.fresh", (e) => e.retrieval?.fresh, fresh),
  one("cited", "retrieval.cited", (e) => e.retrieval?.cited, cited),

  one("transitions", "state.transitions", (e) => e.state?.transitions, transitions),
  one("final-state", "state.final", (e) => e.state?.final, finalState),
  one(
    "allowed-side-effects",
    "state.allowed_side_effects",
    (e) => e.state?.allowed_side_effects,
    allowedSideEffects,
  ),
  each(
    "forbidden-side-effect",
    "state.forbidden_side_effects",
    (e) => e.state?.forbidden_side_effects,
    (effect) => occurs({ of: { side_effect: effect }, max: 0 }),
  ),

  one(
    "memory-reads",
    "memory.reads.allowed",
    (e) => e.memory?.reads?.allowed,
    (allowed, e) => memoryOnly({ use: "reads", key: e.memory?.key ?? "key" }, allowed),
  ),
  one("memory-reads-after", "memory.reads.after", (e) => e.memory?.reads?.after, memoryReadsAfter),
  one(
    "memory-writes",
    "memory.writes.allowed",
    (e) => e.memory?.writes?.allowed,
    (allowed, e) => memoryOnly({ use: "writes", key: e.memory?.key ?? "key" }, allowed),
  ),
  each(
    "memory-never-writes",
    "memory.writes.forbidden",
    (e) => e.memory?.writes?.forbidden,
    (key, e) => memoryNeverWrites(e.memory?.key ?? "key", key),
  ),
  each(
    "memory-written",
    "memory.writes.required",
    (e) => e.memory?.writes?.required,
    (key, e) => memoryWrites(e.memory?.key ?? "key", key),
  ),
  each(
    "memory-writes-lack",
    "memory.writes.must_not_match",
    (e) => e.memory?.writes?.must_not_match,
    memoryWritesLack,
  ),

  one("after-denial", "policy.after_denial", (e) => e.policy?.after_denial, afterDenial),
  one("refusal", "policy.refusal", (e) => e.policy?.refusal, refusal),
];

function allowedSources(allowed: readonly string[]) {
  return only({
    among: "sources",
    kinds: ["retrieval"],
    // A search that finds nothing has served nothing.
    isLookedAt: ({ kind, name }) => kind === "retrieval" && name !== "retrieval:none",
    isAllowed: ({ name }) => allowed.some((source) => matchesWildcard(name, `retrieval:${source}`)),
    allowed: listText(allowed),
  });
}

function allowedSideEffects(allowed: readonly string[]) {
  return only({
    among: "side effects",
    kinds: [],
    isLookedAt: ({ sideEffect }) => sideEffect !== undefined,
    isAllowed: ({ sideEffect = "" }) => allowed.some((effect) => matchesWildcard(sideEffect, effect)),
    allowed: listText(allowed),
  });
}
