import type { Provider } from "../agent/named-model.ts";
import { examineApp, examineDeliveries, examineInstallation, examineWebhook } from "./examine-app.ts";
import { examineBranch, examineContent, examineMissingKeys } from "./examine-repository.ts";
import type { BranchFacts, DoctorFacts, KeyFacts, RepositoryFacts } from "./facts.ts";
import { type Finding, judgeLook, type Look } from "./finding.ts";

/** What is called how outside, for the words of a diagnosis. */
export interface DoctorWords {
  /** Path under which the server takes deliveries. */
  readonly webhookPath: string;
  /** Variables that hold the keys of model providers. */
  readonly keyVariables: Readonly<Record<Provider, string>>;
}

/** Says of everything that the gate rests on how it stands, in the order in which it is best mended. */
export function diagnose(facts: DoctorFacts, words: DoctorWords): readonly Finding[] {
  const { app, server, keys, repository } = facts;
  return [
    ...(app === undefined ? [] : appFindings(app, words)),
    ...(server === undefined ? [] : judgeLook("server", server, serverFindings)),
    ...[...keys].flatMap(([provider, look]) => keyFindings(provider, look, words)),
    ...(repository === undefined ? [] : repositoryFindings(repository, facts, words)),
  ];
}

function appFindings(
  { self, webhook, attempts }: NonNullable<DoctorFacts["app"]>,
  { webhookPath }: DoctorWords,
): readonly Finding[] {
  const settingsUrl = self.kind === "seen" ? self.value.settingsUrl : undefined;
  return [
    ...judgeLook("App", self, examineApp),
    ...judgeLook("webhook address", webhook, (seen) => examineWebhook(seen, webhookPath, settingsUrl)),
    ...judgeLook("webhook deliveries", attempts, examineDeliveries),
  ];
}

/** The server says itself what holds it up: its store, its queue, GitHub. */
function serverFindings(reasons: readonly string[]): readonly Finding[] {
  if (reasons.length === 0)
    return [{ on: "server", state: "ok", says: "its store takes a line and its queue keeps up" }];
  return reasons.map((says) => ({
    on: "server",
    state: "problem",
    says,
    mend: "Look at its log, and at the dashboard.",
  }));
}

function keyFindings(
  provider: Provider,
  look: Look<KeyFacts>,
  { keyVariables }: DoctorWords,
): readonly Finding[] {
  const on = `model key ${provider}`;
  return judgeLook(on, look, (key) =>
    key.kind === "accepted"
      ? [{ on, state: "ok", says: "the provider accepts it" }]
      : [
          {
            on,
            state: "problem",
            says: `the provider refuses it (status ${key.status})`,
            mend: `Set another ${keyVariables[provider]} where the app runs.`,
          },
        ],
  );
}

function repositoryFindings(
  { installation, branches, content }: RepositoryFacts,
  { app, keys }: DoctorFacts,
  { keyVariables }: DoctorWords,
): readonly Finding[] {
  const appId = app?.self.kind === "seen" ? app.self.value.id : undefined;
  return [
    ...(installation === undefined ? [] : judgeLook("installation", installation, examineInstallation)),
    ...judgeLook("default branch", content, (seen) => [
      ...examineContent(seen),
      ...examineMissingKeys(seen, keys, keyVariables),
    ]),
    ...[...branches].flatMap(([branch, look]) =>
      judgeLook(`${branch}: required checks`, look, (facts: BranchFacts) => [
        ...examineBranch(branch, facts, appId),
        ...queueFindings(branch, facts, app?.self),
      ]),
    ),
  ];
}

/** A queue asks for our check on its groups, which we hear of only with a permission of their own. */
function queueFindings(
  branch: string,
  { hasMergeQueue }: BranchFacts,
  self: NonNullable<DoctorFacts["app"]>["self"] | undefined,
): readonly Finding[] {
  if (!hasMergeQueue || self?.kind !== "seen") return [];
  const { permissions, events, settingsUrl } = self.value;
  const hears = permissions.merge_queues !== undefined && events.includes("merge_group");
  return hears
    ? []
    : [
        {
          on: `${branch}: merge queue`,
          state: "problem",
          says: "it is in use, and the App is not told of its groups: a required check of ours is waited for in vain",
          mend: `Grant merge_queues: read and the event merge_group on ${settingsUrl}/permissions.`,
        },
      ];
}
