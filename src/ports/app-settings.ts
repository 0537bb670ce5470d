import type {
  AppFacts,
  AttemptFacts,
  BranchFacts,
  InstallationFacts,
  WebhookFacts,
} from "../core/doctor/facts.ts";

/** An installation with its number. */
export interface FoundInstallation extends InstallationFacts {
  readonly id: number;
}

/** What GitHub holds of the App itself, as its own key sees it. Every method throws ExternalFailure where it is not shown. */
export interface AppSettings {
  /** Reads what the App asks for. */
  fetchApp(): Promise<AppFacts>;
  /** Reads where GitHub delivers to. */
  fetchWebhook(): Promise<WebhookFacts>;
  /** Lists the last attempts to deliver, newest first. */
  fetchAttempts(): Promise<readonly AttemptFacts[]>;
  /** Reads the installation that a repository is in. */
  fetchInstallation(owner: string, repo: string): Promise<FoundInstallation>;
}

/** Reads the rules of the branches of one repository. */
export interface BranchRules {
  /** Reads what is required of a branch, by branch protection and by rulesets; throws ExternalFailure where it is not shown. */
  fetchRules(branch: string): Promise<BranchFacts>;
}
