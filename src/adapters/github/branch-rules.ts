import type { BranchFacts, RequiredCheck } from "../../core/doctor/facts.ts";
import type { BranchRules } from "../../ports/app-settings.ts";
import { readGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { collectPages, PER_PAGE } from "./collect-pages.ts";

/** GitHub's word for a check that any App may post. */
const ANY_APP = -1;

/** A rule of a ruleset, as far as we look at it. */
interface Rule {
  readonly type: string;
  readonly ruleset_source?: string;
  readonly ruleset_id?: number;
  readonly parameters?: {
    readonly required_status_checks?: readonly {
      readonly context: string;
      readonly integration_id?: number | null;
    }[];
  };
}

/** What reading a branch says of its protection; all of it asks for administration, this for contents only. */
interface Protection {
  readonly required_status_checks?: {
    readonly contexts?: readonly string[];
    readonly checks?: readonly { readonly context: string; readonly app_id?: number | null }[];
  };
}

/** Reads what branch protection and rulesets require of branches. */
export function githubBranchRules({
  client,
  owner,
  repo,
}: Pick<RepositoryAccess, "client" | "owner" | "repo">): BranchRules {
  return {
    async fetchRules(branch): Promise<BranchFacts> {
      const rules = await collectPages(
        `read the rules of ${branch}`,
        (page) => client.rest.repos.getBranchRules({ owner, repo, branch, per_page: PER_PAGE, page }),
        (page): readonly Rule[] => page as readonly Rule[],
      );
      const { protection } = await readGitHub(`read the branch ${branch}`, () =>
        client.rest.repos.getBranch({ owner, repo, branch }),
      );
      return {
        required: [...protectionChecks(protection), ...rules.flatMap(rulesetChecks)],
        hasMergeQueue: rules.some(({ type }) => type === "merge_queue"),
      };
    },
  };
}

/** `checks` names the same as `contexts`, with their Apps; an older server has only the names. */
function protectionChecks(protection: Protection | undefined): readonly RequiredCheck[] {
  const { contexts = [], checks = [] } = protection?.required_status_checks ?? {};
  const rule = "branch protection";
  const named = new Set(checks.map(({ context }) => context));
  return [
    ...checks.map(({ context, app_id: appId }) => ({ context, appId: realApp(appId), rule })),
    ...contexts
      .filter((context) => !named.has(context))
      .map((context) => ({ context, appId: undefined, rule })),
  ];
}

function rulesetChecks({
  parameters,
  ruleset_id: id,
  ruleset_source: source,
}: Rule): readonly RequiredCheck[] {
  return (parameters?.required_status_checks ?? []).map(({ context, integration_id: appId }) => ({
    context,
    appId: realApp(appId),
    rule: `ruleset ${id ?? ""} of ${source ?? "the repository"}`,
  }));
}

function realApp(id: number | null | undefined): number | undefined {
  return id === null || id === ANY_APP ? undefined : id;
}
