import type { Provider } from "../agent/named-model.ts";
import type { Problem } from "../problem.ts";
import type { Look } from "./finding.ts";

/** Permissions by GitHub's names, such as `checks: write`. */
export type Permissions = Readonly<Record<string, string>>;

/** The App as GitHub shows it to its own key. */
export interface AppFacts {
  readonly id: number;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  /** The page on which its owner changes it. */
  readonly settingsUrl: string;
  /** Seconds by which our clock is ahead of GitHub's; undefined where GitHub named no time. */
  readonly aheadSeconds: number | undefined;
}

/** Where GitHub delivers to. */
export interface WebhookFacts {
  /** Empty where none is set. */
  readonly url: string;
  readonly contentType: string;
  readonly verifiesTls: boolean;
}

/** One attempt of GitHub's to deliver, as its log shows it. */
export interface AttemptFacts {
  /** The same for all attempts of one delivery. */
  readonly deliveryId: string;
  readonly event: string;
  readonly at: Date;
  /** Status of the answer; 0 where nobody answered. */
  readonly statusCode: number;
  readonly status: string;
}

/** The installation that a repository is in. */
export interface InstallationFacts {
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly suspended: boolean;
  /** The page on which its owner accepts permissions. */
  readonly settingsUrl: string;
}

/** A check that the rules of a branch require. */
export interface RequiredCheck {
  readonly context: string;
  /** The App whose check counts; undefined where anybody's does. */
  readonly appId: number | undefined;
  /** Which rule says so, such as `branch protection`. */
  readonly rule: string;
}

/** The rules of a branch as far as they are about checks. */
export interface BranchFacts {
  readonly required: readonly RequiredCheck[];
  readonly hasMergeQueue: boolean;
}

/** What the key of a provider came to. */
export type KeyFacts = { readonly kind: "accepted" } | { readonly kind: "refused"; readonly status: number };

/** What stands on the default branch of a repository. */
export interface ContentFacts {
  readonly defaultBranch: string;
  /** Further branches that are gated against their own tip. */
  readonly gatedBases: readonly string[];
  readonly configuration:
    | { readonly kind: "absent" }
    | { readonly kind: "unusable"; readonly problems: readonly Problem[] }
    | {
        readonly kind: "usable";
        readonly owner: string | undefined;
        readonly agents: number;
        readonly fixtures: number;
        readonly blocking: number;
        /** Fixtures that a judge grades. */
        readonly judged: number;
        /** Agents and fixtures that cannot be used, each with its place. */
        readonly problems: readonly Problem[];
        /** Providers that the agents, and the judge where one is asked, need. */
        readonly providers: readonly Provider[];
        /** How the judge's calibration stands. */
        readonly calibration: CalibrationFacts;
      };
  readonly hasForm: boolean;
}

/** How the calibration of the judge stands. */
export type CalibrationFacts =
  | { readonly kind: "none" }
  | { readonly kind: "calibrated"; readonly says: string }
  | { readonly kind: "not_enough"; readonly says: string };

/** What was seen of one repository. */
export interface RepositoryFacts {
  /** In the form `owner/name`. */
  readonly name: string;
  readonly content: Look<ContentFacts>;
  /** Missing where the App's own key was not at hand. */
  readonly installation?: Look<InstallationFacts>;
  /** By the names of the branches that are gated. */
  readonly branches: ReadonlyMap<string, Look<BranchFacts>>;
}

/** Everything that a diagnosis is made from. */
export interface DoctorFacts {
  /** Missing where only a person's token was at hand. */
  readonly app?: {
    readonly self: Look<AppFacts>;
    readonly webhook: Look<WebhookFacts>;
    readonly attempts: Look<readonly AttemptFacts[]>;
  };
  /** Why the server cannot take work, empty where it can; missing where no server was asked. */
  readonly server?: Look<readonly string[]>;
  /** By provider that there is a key for. */
  readonly keys: ReadonlyMap<Provider, Look<KeyFacts>>;
  readonly repository?: RepositoryFacts;
}
