import { PROVIDERS } from "../agent/named-model.ts";
import { stepInto } from "../path-text.ts";
import type { Problem } from "../problem.ts";
import { parseGlob } from "../text/glob.ts";
import { compilePattern } from "../text/linear-pattern.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { type AgentConfig, type Config, isDeclared, type Watched } from "./config.ts";
import { endpointProblems } from "./endpoint.ts";
import { parseParty } from "./party.ts";

const AGENTS_MAX = 50;
const TOOL_ENTRIES_MAX = 200;
const DOTTED_KEY = /^[^.\s]+(\.[^.\s]+)*$/;
const BRANCH_NAME = /^(?![-/.])(?!refs\/)(?!.*(\.\.|\/\/|@\{|\/\.|\.lock(\/|$)))[^\s~^:?*[\\]+(?<![/.])$/;

type Rule = (config: Config) => readonly Problem[];
type AgentRule = (agent: AgentConfig, at: string, config: Config) => readonly Problem[];

const RULES: readonly Rule[] = [
  agentsAreFew,
  basesAreBranches,
  overridesAreNamed,
  calibrationIsGlob,
  judgesAreNamedOnce,
  allowedIsParticular,
];

const AGENT_RULES: readonly AgentRule[] = [
  handoffsExist,
  handoffsStayHere,
  endpointIsAddress,
  toolsMeanOneThing,
  keysAreDotted,
  parametersHaveOnePlace,
  placesAreInRepository,
  mapsAreSmall,
];

/** Says what is wrong with a configuration whose shape is right: names that lead nowhere, and contradictions. */
export function configProblems(config: Config): readonly Problem[] {
  return [
    ...RULES.flatMap((rule) => rule(config)),
    ...Object.entries(config.agents)
      .slice(0, AGENTS_MAX)
      .flatMap(([name, agent]) =>
        AGENT_RULES.flatMap((rule) => rule(agent, stepInto("agents", name), config)),
      ),
  ];
}

function agentsAreFew(config: Config): readonly Problem[] {
  const count = Object.keys(config.agents).length;
  if (count <= AGENTS_MAX) return [];
  return [{ at: "agents", expected: `at most ${AGENTS_MAX} agents`, got: `${count}` }];
}

function basesAreBranches(config: Config): readonly Problem[] {
  return config.gate.bases.flatMap((base, index) =>
    BRANCH_NAME.test(base)
      ? []
      : [{ at: `gate.bases[${index}]`, expected: "the name of a branch, such as main", got: base }],
  );
}

function overridesAreNamed(config: Config): readonly Problem[] {
  return (["warning", "blocking"] as const).flatMap((level) =>
    [config.override[level]].flat().flatMap((who) =>
      parseParty(who) !== undefined
        ? []
        : [
            {
              at: `override.${level}`,
              expected: "triage, write, maintain, admin, or a person or team such as @acme/release-authority",
              got: who,
            },
          ],
    ),
  );
}

function calibrationIsGlob(config: Config): readonly Problem[] {
  const { calibration } = config.judge;
  return calibration === undefined ? [] : globProblems(calibration, "judge.calibration");
}

function judgesAreNamedOnce({ judge }: Config): readonly Problem[] {
  if (judge.model === undefined || judge.models === undefined) return [];
  return [{ at: "judge.models", expected: "either `judge.model` or `judge.models`", got: "both" }];
}

/** Values of all kinds that nobody would list: what allows one of them allows whatever comes. */
const NOBODYS_VALUES = ["qz7@nobody.invalid", "+99 000 000 000", "Qz Xwv", "zz-0", "0"];

function allowedIsParticular(config: Config): readonly Problem[] {
  return config.incidents.redaction.allow.flatMap((allowed, index) => {
    if (typeof allowed === "string") return [];
    const at = `incidents.redaction.allow[${index}].pattern`;
    const read = compilePattern(`^(?:${allowed.pattern})$`);
    if (read.kind === "unusable") return read.problems.map((problem) => ({ ...problem, at }));
    if (!NOBODYS_VALUES.some((value) => read.value.test(value))) return [];
    return [
      { at, expected: "a pattern for particular values, such as test-\\d+@acme\\.com", got: allowed.pattern },
    ];
  });
}

function handoffsExist(agent: AgentConfig, at: string, config: Config): readonly Problem[] {
  if (!isDeclared(agent)) return [];
  const names = Object.keys(config.agents);
  const self = names.find((name) => config.agents[name] === agent);
  return Object.entries(agent.handoffs).flatMap(([tool, to]) => {
    const place = stepInto(`${at}.handoffs`, tool);
    if (to === self) return [{ at: place, expected: "another agent than the one that hands over", got: to }];
    if (Object.hasOwn(config.agents, to)) return [];
    const near = nearestWord(to, names);
    const expected = near === undefined ? `one of the agents ${names.join(", ")}` : `the agent ${near}`;
    return [{ at: place, expected, got: `the unknown agent ${to}` }];
  });
}

/** What runs elsewhere cannot take over a conversation that is replayed here. */
function handoffsStayHere(agent: AgentConfig, at: string, config: Config): readonly Problem[] {
  if (!isDeclared(agent)) return [];
  return Object.entries(agent.handoffs).flatMap(([tool, to]) => {
    const other = Object.hasOwn(config.agents, to) ? config.agents[to] : undefined;
    if (other === undefined || isDeclared(other)) return [];
    const expected = `an agent with the target ${PROVIDERS.join(" or ")}`;
    return [
      { at: stepInto(`${at}.handoffs`, tool), expected, got: `${to}, whose target is ${other.target}` },
    ];
  });
}

function endpointIsAddress(agent: AgentConfig, at: string): readonly Problem[] {
  return agent.target === "http" ? endpointProblems(agent.endpoint, `${at}.endpoint`) : [];
}

function toolsMeanOneThing(agent: AgentConfig, at: string): readonly Problem[] {
  if (!isDeclared(agent)) return [];
  const special = new Map(Object.keys(agent.handoffs).map((tool) => [tool, "a handoff"]));
  const problems: Problem[] = [];
  if (agent.retrieval !== undefined && special.has(agent.retrieval.tool)) {
    problems.push({
      at: `${at}.retrieval.tool`,
      expected: "a tool that is not a handoff too",
      got: agent.retrieval.tool,
    });
  }
  if (agent.retrieval !== undefined) special.set(agent.retrieval.tool, "the retrieval tool");
  for (const tool of Object.keys(agent.spans)) {
    const meaning = special.get(tool);
    if (meaning === undefined) continue;
    problems.push({
      at: stepInto(`${at}.spans`, tool),
      expected: "a tool that has no other meaning",
      got: `${tool}, which is ${meaning}`,
    });
  }
  return problems;
}

function keysAreDotted(agent: AgentConfig, at: string): readonly Problem[] {
  const model = isDeclared(agent) ? agent.model : "";
  const ofModel =
    typeof model === "string"
      ? []
      : [
          ...keyProblems(model.key, `${at}.model.key`),
          ...(model.parameters === undefined ? [] : keyProblems(model.parameters, `${at}.model.parameters`)),
        ];
  const ofChanges = watchedPlaces(agent, at).flatMap(([watched, place]) =>
    typeof watched === "string"
      ? []
      : watched.keys.flatMap((key, index) => keyProblems(key, `${place}.keys[${index}]`)),
  );
  return [...ofModel, ...ofChanges];
}

function keyProblems(key: string, at: string): readonly Problem[] {
  if (DOTTED_KEY.test(key)) return [];
  return [{ at, expected: "a key, with dots for keys inside keys, such as refund.model", got: `"${key}"` }];
}

function parametersHaveOnePlace(agent: AgentConfig, at: string): readonly Problem[] {
  if (!isDeclared(agent) || typeof agent.model === "string" || agent.parameters === undefined) return [];
  return [
    {
      at: `${at}.parameters`,
      expected: `parameters in ${agent.model.file}, named by model.parameters, as the model is read from that file`,
      got: "parameters here",
    },
  ];
}

function placesAreInRepository(agent: AgentConfig, at: string): readonly Problem[] {
  const named = isDeclared(agent) ? agent : undefined;
  const globs: readonly (readonly [string, string])[] = [
    ...(named?.system ?? []).map((glob, index) => [glob, `${at}.system[${index}]`] as const),
    ...(named?.memory ?? []).map((glob, index) => [glob, `${at}.memory[${index}]`] as const),
    ...(named?.retrieval?.documents ?? []).map(
      (glob, index) => [glob, `${at}.retrieval.documents[${index}]`] as const,
    ),
  ];
  const files: readonly (readonly [string, string])[] = [
    ...(agent.tools === undefined ? [] : [[agent.tools, `${at}.tools`] as const]),
    ...(named === undefined || typeof named.model === "string"
      ? []
      : [[named.model.file, `${at}.model.file`] as const]),
  ];
  return [
    ...globs.flatMap(([glob, place]) => globProblems(glob, place)),
    ...files.flatMap(([file, place]) => fileProblems(file, place)),
    ...watchedPlaces(agent, at).flatMap(([watched, place]) =>
      typeof watched === "string"
        ? globProblems(watched, place)
        : fileProblems(watched.file, `${place}.file`),
    ),
  ];
}

function watchedPlaces(agent: AgentConfig, at: string): readonly (readonly [Watched, string])[] {
  return Object.entries(agent.changes).flatMap(([type, list]) =>
    list.map((watched, index) => [watched, `${at}.changes.${type}[${index}]`] as const),
  );
}

function globProblems(glob: string, at: string): readonly Problem[] {
  const read = parseGlob(glob);
  return read.kind === "parsed" ? [] : read.problems.map((problem) => ({ ...problem, at }));
}

function fileProblems(file: string, at: string): readonly Problem[] {
  if (/[*?{}]/.test(file)) return [{ at, expected: "the path of one file, not a glob", got: file }];
  const escaped = file.replace(/[[\]\\]/g, "\\$&");
  return globProblems(escaped, at).map((problem) => ({ ...problem, got: file }));
}

function mapsAreSmall(agent: AgentConfig, at: string): readonly Problem[] {
  const maps = { handoffs: isDeclared(agent) ? agent.handoffs : {}, spans: agent.spans };
  return Object.entries(maps).flatMap(([key, map]) => {
    const count = Object.keys(map).length;
    if (count <= TOOL_ENTRIES_MAX) return [];
    return [{ at: `${at}.${key}`, expected: `at most ${TOOL_ENTRIES_MAX} entries`, got: `${count}` }];
  });
}
