import type { Provider } from "../agent/named-model.ts";
import { CONFIG_PATH } from "../config/config.ts";
import { type Problem, problemText } from "../problem.ts";
import { plural } from "../report/amounts.ts";
import { CHECK_NAMES } from "../report/check-run.ts";
import { oneLine } from "../text/markdown.ts";
import type { BranchFacts, ContentFacts, RequiredCheck } from "./facts.ts";
import type { Finding } from "./finding.ts";

const PROBLEMS_SHOWN_MAX = 50;
const PROBLEM_LENGTH_MAX = 500;

/** Judges whether the checks that hold pull requests are required on a branch, and only ours count; `appId` where it is known. */
export function examineBranch(
  branch: string,
  facts: BranchFacts,
  appId: number | undefined,
): readonly Finding[] {
  const where = `Settings → Rules → Rulesets, or Settings → Branches, for ${branch}`;
  const blocking = examineRequired(branch, CHECK_NAMES.blocking, facts, appId, where);
  const guard = examineRequired(branch, CHECK_NAMES.guard, facts, appId, where);
  return [
    blocking,
    // What nobody approved fails the blocking check as well, so the guard is for show where it is not required.
    guard.state === "problem" ? { ...guard, state: "warning" } : guard,
  ];
}

function examineRequired(
  branch: string,
  name: string,
  { required }: BranchFacts,
  appId: number | undefined,
  where: string,
): Finding {
  const on = `${branch}: ${name}`;
  const rules = required.filter(({ context }) => context === name);
  if (rules.length === 0)
    return {
      on,
      state: "problem",
      says: "no rule requires it, so a red check stops nobody",
      mend: `Require it under ${where}, with this App as its source; GitHub offers it once it has run there.`,
    };
  const pinned = rules.filter((rule) => rule.appId !== undefined);
  if (pinned.length === 0)
    return {
      on,
      state: "problem",
      says: `${rulesOf(rules)} requires it from anybody: whoever may push can post a green one`,
      mend: `Choose this App as its source under ${where}.`,
    };
  if (appId === undefined)
    return {
      on,
      state: "warning",
      says: `${rulesOf(pinned)} requires it from App ${pinned[0]?.appId}; whether that is this App is seen with its own key`,
    };
  const foreign = pinned.filter((rule) => rule.appId !== appId);
  if (foreign.length > 0)
    return {
      on,
      state: "problem",
      says: `${rulesOf(foreign)} requires it from App ${foreign[0]?.appId}, and we are ${appId}: it never turns green`,
      mend: `Choose this App as its source under ${where}.`,
    };
  return { on, state: "ok", says: `required by ${rulesOf(pinned)}, from this App only` };
}

function rulesOf(rules: readonly RequiredCheck[]): string {
  return oneLine([...new Set(rules.map(({ rule }) => rule))].join(" and "), 200);
}

/** Judges configuration, fixtures, forms and the judge of a repository. */
export function examineContent(content: ContentFacts): readonly Finding[] {
  const { configuration, hasForm, defaultBranch } = content;
  const form: readonly Finding[] = hasForm
    ? []
    : [
        {
          on: "incident form",
          state: "warning",
          says: "there is none, so incidents come as free text",
          mend: "Run `incident-to-eval init` and commit the forms.",
        },
      ];
  if (configuration.kind === "absent")
    return [
      {
        on: "configuration",
        state: "problem",
        says: `${defaultBranch} has no ${CONFIG_PATH}, so no check is posted`,
        mend: "Merge the setup pull request, or run `incident-to-eval init`.",
      },
      ...form,
    ];
  if (configuration.kind === "unusable")
    return [...problemFindings("configuration", CONFIG_PATH, configuration.problems), ...form];
  const { agents, fixtures, blocking, problems } = configuration;
  return [
    { on: "configuration", state: "ok", says: `${plural(agents, "agent")} in ${CONFIG_PATH}` },
    ...(configuration.owner === undefined ? [NO_OWNER] : []),
    ...problemFindings("agents and fixtures", undefined, problems),
    fixtures === 0
      ? {
          on: "fixtures",
          state: "warning",
          says: "there is none, so nothing is protected yet",
          mend: "File an incident with the form.",
        }
      : { on: "fixtures", state: "ok", says: `${plural(fixtures, "fixture")}, ${blocking} of them blocking` },
    judgeFinding(configuration),
    ...form,
  ];
}

const NO_OWNER: Finding = {
  on: "owner",
  state: "warning",
  says: "nobody is accountable for the loop: what weakens the gate of an unowned fixture cannot be approved",
  mend: `Name a team as \`owner\` in ${CONFIG_PATH}.`,
};

function problemFindings(
  on: string,
  path: string | undefined,
  problems: readonly Problem[],
): readonly Finding[] {
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).map((problem): Finding => {
    const said = oneLine(problemText(problem), PROBLEM_LENGTH_MAX);
    return {
      on,
      state: "problem",
      says: path === undefined ? said : `${path}: ${said}`,
      mend: "Mend it in a pull request; `incident-to-eval validate` names the same places.",
    };
  });
  const rest = problems.length - shown.length;
  return rest === 0
    ? shown
    : [...shown, { on, state: "problem", says: `and ${plural(rest, "more problem")}` }];
}

function judgeFinding({
  judged,
  calibration,
}: Extract<ContentFacts["configuration"], { kind: "usable" }>): Finding {
  const on = "judge";
  if (judged === 0) return { on, state: "ok", says: "no fixture asks one" };
  if (calibration.kind === "calibrated") return { on, state: "ok", says: calibration.says };
  const says = calibration.kind === "none" ? "not calibrated" : calibration.says;
  return {
    on,
    state: "warning",
    says: `${says}: what rests on it in ${plural(judged, "fixture")} warns and never blocks`,
    mend: "Label examples under `judge.calibration` and calibrate, or assert without a judge.",
  };
}

/** Judges which keys of model providers a repository lacks; `keys` are those that are set. */
export function examineMissingKeys(
  { configuration }: ContentFacts,
  keys: ReadonlyMap<Provider, unknown>,
  variables: Readonly<Record<Provider, string>>,
): readonly Finding[] {
  if (configuration.kind !== "usable") return [];
  return configuration.providers
    .filter((provider) => !keys.has(provider))
    .map((provider) => ({
      on: `model key ${provider}`,
      state: "problem",
      says: `${variables[provider]} is not set, and the agents or the judge need it`,
      mend: `Set ${variables[provider]} where the app runs.`,
    }));
}
