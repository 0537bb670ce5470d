import type { Change } from "../change/change-type.ts";
import { type Config, isDeclared } from "../config/config.ts";
import type { Fixture } from "../fixture/fixture.ts";
import { ALWAYS_GATED, gatesOf } from "../fixture/gate-table.ts";
import type { FixtureVersion } from "./fixture-versions.ts";

/** Whether a fixture runs, and why, in words. */
export interface Scope {
  readonly runs: boolean;
  readonly because: string;
  /** Changes that the fixture protects against. */
  readonly against: readonly Change[];
}

/** Everything that decides which fixtures run. */
export interface ScopeRules {
  readonly config: Config;
  readonly changes: readonly Change[];
  readonly everythingBecause: string | undefined;
}

const TOUCHED_WORDS = {
  added: "this pull request adds it",
  changed: "this pull request changes it",
  base_version: "this pull request changes it, so the base's version runs too",
  removed: "this pull request removes it, so the base's version still runs",
  unchanged: "this pull request touches its file",
} as const;

/** Makes the function that decides of each version whether it runs. */
export function scopeOf(rules: ScopeRules): (version: FixtureVersion) => Scope {
  const changesByAgent = Map.groupBy(rules.changes, (change) => change.agent);
  const reach = (agent: string): readonly Change[] =>
    reachableAgents(agent, rules.config).flatMap((name) => changesByAgent.get(name) ?? []);
  return ({ file: { fixture }, origin, touched }) => {
    const changes = reach(fixture.agent);
    const against = changes.filter((change) => protectsAgainst(fixture, change));
    if (touched) return { runs: true, because: TOUCHED_WORDS[origin], against };
    if (rules.everythingBecause !== undefined)
      return { runs: true, because: rules.everythingBecause, against };
    const [first] = against;
    if (first !== undefined) return { runs: true, because: changeWords(first, fixture.agent), against };
    if (rules.changes.length === 0) return { ...unscoped(fixture, rules.config.gate.unscoped), against };
    return { runs: false, because: leftOutWords(fixture, changes, rules), against };
  };
}

function protectsAgainst(fixture: Fixture, change: Change): boolean {
  return gatesOf(fixture).types.includes(change.type);
}

/** The agent itself, then those that may take over from it, at any distance. */
function reachableAgents(agent: string, config: Config): readonly string[] {
  const reached = [agent];
  // The list grows while it is walked; every agent joins it once at most.
  for (const name of reached) {
    const entry = Object.hasOwn(config.agents, name) ? config.agents[name] : undefined;
    const targets = entry !== undefined && isDeclared(entry) ? Object.values(entry.handoffs) : [];
    reached.push(...new Set(targets.filter((target) => !reached.includes(target))));
  }
  return reached;
}

function changeWords({ agent, type, path, key }: Change, tested: string): string {
  const place = key === undefined ? path : `${path} (${key})`;
  const taker = agent === tested ? "" : ` of ${agent}, which can take over from ${tested}`;
  return `${type} change${taker}: ${place}`;
}

function unscoped({ tier }: Fixture, rule: Config["gate"]["unscoped"]): Omit<Scope, "against"> {
  const nothing = `no change type matched, and gate.unscoped is ${rule}`;
  if (rule === "all" || (rule === "fast" && tier === "fast")) return { runs: true, because: nothing };
  return { runs: false, because: rule === "fast" ? `${nothing}; its tier is ${tier}` : nothing };
}

function leftOutWords(fixture: Fixture, changes: readonly Change[], rules: ScopeRules): string {
  const { agent } = fixture;
  if (changes.length > 0) {
    const types = [...new Set(changes.map(({ type }) => type))].join(", ");
    return `${agent} has changes of ${types}; ${gateWords(fixture)}`;
  }
  if (Object.hasOwn(rules.config.agents, agent)) return `${agent} does not change`;
  return `the configuration has no agent ${agent}`;
}

function gateWords(fixture: Fixture): string {
  const { types, from } = gatesOf(fixture);
  const own = types.filter((type) => !ALWAYS_GATED.includes(type));
  const gates = own.join(", ") || `none but ${ALWAYS_GATED.join(" and ")}`;
  return from === "table"
    ? `by its layers and kind this fixture gates ${gates}`
    : `this fixture gates ${gates}`;
}
