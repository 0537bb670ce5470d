import type { JsonObject } from "../../../src/core/json.ts";
import { bodyOf, json, succeeded } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import { listOf, numberAt, objectAt, textAt } from "./members.ts";
import type { Routes } from "./routes.ts";
import type { Statuses } from "./statuses.ts";

const REPO = "/repos/:owner/:repo";
/** Conclusions that let a merge pass: `neutral` and `skipped` too. */
const SATISFYING: ReadonlySet<unknown> = new Set(["success", "neutral", "skipped"]);

/** A check that a branch's rules require, of one App or of any. */
export interface RequiredCheck {
  readonly context: string;
  readonly appId?: number | undefined;
}

/** What has to be green before something is merged into a branch. */
export interface Protection {
  readonly routes: Routes;
  /** From now on a ruleset of the repository requires these checks on the branch. */
  requireByRuleset(branch: string, checks: readonly RequiredCheck[]): void;
  /** The required checks that a commit lacks. */
  missing(branch: string, sha: string): Promise<readonly string[]>;
}

/** Keeps the rules of branches, which the emulator would enforce in its own way. */
export function openProtection(
  github: GitHub,
  statuses: Statuses,
  seenRun: (run: JsonObject) => JsonObject,
): Protection {
  const classic = new Map<string, JsonObject>();
  const rulesets = new Map<string, readonly RequiredCheck[]>();

  function required(branch: string): readonly RequiredCheck[] {
    const rule = classic.get(branch);
    const contexts = Array.isArray(rule?.contexts) ? rule.contexts.map(String) : [];
    const checks = listOf(rule?.checks).map((check) => ({
      context: textAt(check, "context"),
      appId: numberAt(check, "app_id") > 0 ? numberAt(check, "app_id") : undefined,
    }));
    return [...contexts.map((context) => ({ context })), ...checks, ...(rulesets.get(branch) ?? [])];
  }

  async function isSatisfied(sha: string, { context, appId }: RequiredCheck): Promise<boolean> {
    if (appId === undefined && statuses.stateOf(sha, context) === "success") return true;
    const name = encodeURIComponent(context);
    const listed = await github.read(
      "GET",
      `${github.place()}/commits/${sha}/check-runs?check_name=${name}&filter=all&per_page=100`,
    );
    // A rule that names an App sees the runs of that App alone.
    const latest = listOf(listed.check_runs)
      .filter((run) => appId === undefined || numberAt(seenRun(run).app, "id") === appId)
      .toSorted((one, other) => numberAt(one, "id") - numberAt(other, "id"))
      .at(-1);
    return latest?.status === "completed" && SATISFYING.has(latest.conclusion);
  }

  const rules: Routes = {
    [`PUT ${REPO}/branches/:branch*/protection`]: async ({ request, at, pass }) => {
      const wanted = bodyOf(request);
      const reply = await pass({
        ...request,
        // The front judges merges, and puts its own commit in the place of the emulator's.
        body: JSON.stringify({ ...wanted, required_status_checks: null, allow_force_pushes: true }),
      });
      if (!succeeded(reply)) return reply;
      const checks = objectAt(wanted, "required_status_checks");
      classic.set(at("branch"), checks);
      return json(200, { ...bodyOf(reply), required_status_checks: checks });
    },
    [`GET ${REPO}/branches/:branch*/protection`]: async ({ at, pass }) => {
      const [reply, checks] = [await pass(), classic.get(at("branch"))];
      if (!succeeded(reply) || checks === undefined) return reply;
      return json(200, { ...bodyOf(reply), required_status_checks: checks });
    },
    [`DELETE ${REPO}/branches/:branch*/protection`]: async ({ at, pass }) => {
      classic.delete(at("branch"));
      return await pass();
    },
    [`GET ${REPO}/rules/branches/:branch*`]: async ({ at }) => {
      const checks = rulesets.get(at("branch")) ?? [];
      return json(200, checks.length === 0 ? [] : [ruleOf(checks, github)]);
    },
  };

  return {
    routes: rules,
    requireByRuleset: (branch, checks) => void rulesets.set(branch, checks),
    async missing(branch, sha) {
      const wanted = required(branch);
      const green = await Promise.all(wanted.map((check) => isSatisfied(sha, check)));
      return wanted.filter((_, index) => green[index] !== true).map(({ context }) => context);
    },
  };
}

function ruleOf(checks: readonly RequiredCheck[], github: GitHub): JsonObject {
  const { owner, name } = github.emulator.repository;
  return {
    type: "required_status_checks",
    ruleset_source_type: "Repository",
    ruleset_source: `${owner}/${name}`,
    ruleset_id: 42,
    parameters: {
      required_status_checks: checks.map(({ context, appId }) => ({
        context,
        ...(appId === undefined ? {} : { integration_id: appId }),
      })),
      strict_required_status_checks_policy: false,
    },
  };
}
