import type { Provider } from "../../core/agent/named-model.ts";
import { diagnose } from "../../core/doctor/diagnose.ts";
import type { BranchFacts, DoctorFacts, KeyFacts, RepositoryFacts } from "../../core/doctor/facts.ts";
import type { Finding, Look } from "../../core/doctor/finding.ts";
import type { AppSettings, BranchRules } from "../../ports/app-settings.ts";
import type { Repository } from "../../ports/repository.ts";
import { WEBHOOK_PATH } from "../http-front.ts";
import { KEY_VARIABLES } from "../models.ts";
import { lookAt } from "./look-at.ts";
import { readContent } from "./read-content.ts";

/** Branches that are looked at; further ones are gated in the same way. */
const BRANCHES_MAX = 20;

/** A repository as it is looked at. */
export interface ExaminedRepository {
  readonly repository: Repository;
  readonly rules: BranchRules;
}

/** What the doctor looks with. */
export interface DoctorDeps {
  /** Undefined where only a person's token is at hand. */
  readonly settings: AppSettings | undefined;
  /** Opens a repository: by its installation where the App's own key is at hand. */
  readonly open: (
    owner: string,
    repo: string,
    installationId: number | undefined,
  ) => Promise<ExaminedRepository>;
  /** Asks a provider whether it accepts the key, for each provider that there is a key for. */
  readonly keys: ReadonlyMap<Provider, () => Promise<KeyFacts>>;
  /** Says why the server cannot take work; undefined where no server is asked. */
  readonly fetchReasonsNotReady: (() => Promise<readonly string[]>) | undefined;
  /** Model of the judge where a configuration names none. */
  readonly judgeModel: string;
}

/** Looks at everything that the gate rests on, of one repository too where it is named as `owner/name`, and says how it stands. */
export async function examine(name: string | undefined, deps: DoctorDeps): Promise<readonly Finding[]> {
  const { settings, fetchReasonsNotReady } = deps;
  const [app, server, keys, repository] = await Promise.all([
    settings === undefined ? undefined : readApp(settings),
    fetchReasonsNotReady === undefined ? undefined : lookAt(fetchReasonsNotReady, "needed"),
    readKeys(deps),
    name === undefined ? undefined : readRepository(name, deps),
  ]);
  const facts: DoctorFacts = {
    ...(app === undefined ? {} : { app }),
    ...(server === undefined ? {} : { server }),
    keys,
    ...(repository === undefined ? {} : { repository }),
  };
  return diagnose(facts, { webhookPath: WEBHOOK_PATH, keyVariables: KEY_VARIABLES });
}

async function readApp(settings: AppSettings): Promise<NonNullable<DoctorFacts["app"]>> {
  const [self, webhook, attempts] = await Promise.all([
    lookAt(() => settings.fetchApp(), "needed"),
    lookAt(() => settings.fetchWebhook()),
    lookAt(() => settings.fetchAttempts()),
  ]);
  return { self, webhook, attempts };
}

async function readKeys({ keys }: DoctorDeps): Promise<DoctorFacts["keys"]> {
  return new Map(
    await Promise.all([...keys].map(async ([provider, ask]) => [provider, await lookAt(ask)] as const)),
  );
}

async function readRepository(
  name: string,
  { settings, open, judgeModel }: DoctorDeps,
): Promise<RepositoryFacts> {
  const [owner = "", repo = ""] = name.split("/");
  const installation =
    settings === undefined
      ? undefined
      : await lookAt(() => settings.fetchInstallation(owner, repo), "needed");
  if (installation?.kind === "unseen")
    return { name, installation, content: installation, branches: new Map() };
  const { repository, rules } = await open(owner, repo, installation?.value.id);
  const content = await lookAt(() => readContent(repository, judgeModel), "needed");
  const branches = new Map<string, Look<BranchFacts>>();
  if (content.kind === "seen") {
    const { defaultBranch, gatedBases } = content.value;
    for (const branch of [defaultBranch, ...gatedBases].slice(0, BRANCHES_MAX))
      branches.set(branch, await lookAt(() => rules.fetchRules(branch)));
  }
  return { name, ...(installation === undefined ? {} : { installation }), content, branches };
}
