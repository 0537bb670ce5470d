import type { AskModel } from "../../core/agent/chat.ts";
import type { Provider } from "../../core/agent/named-model.ts";
import type { OutsideAgents } from "../../core/agent/outside.ts";
import type { JudgeConfig } from "../../core/config/config.ts";
import type { AskJudge } from "../../core/grading/grader.ts";
import type { Triage } from "../../core/incident/triage.ts";
import type { BranchResults } from "../../ports/branch-results.ts";
import type { Decisions } from "../../ports/decisions.ts";
import type { FixtureOutcomes } from "../../ports/fixture-outcomes.ts";
import type { GitHub } from "../../ports/github.ts";
import type { JobQueue } from "../../ports/job-queue.ts";
import type { Metrics } from "../../ports/metrics.ts";
import type {
  FindingRecords,
  GateRuns,
  Generations,
  HeldFixtures,
  IncidentRecords,
  LastConfigs,
} from "../../ports/records.ts";
import type { Redactor } from "../../ports/redactor.ts";
import type { ReportPages } from "../../ports/report-pages.ts";
import type { StandaloneRuns } from "../../ports/standalone-runs.ts";
import type { TrialStore } from "../../ports/trial-store.ts";
import type { Logger } from "../log.ts";
import type { Job } from "./job.ts";

/** The models and agents that the server may ask. */
export interface Models {
  /** Throws ExternalFailure where there is no key for the provider. */
  readonly ask: AskModel;
  /** Asks the judges that the configuration names, or the server's own. */
  readonly judgeWith: (judge: JudgeConfig) => AskJudge;
  /** The model that judges where the configuration names none. */
  readonly judgeModel: string;
  /** Model that fills what an incident leaves open. */
  readonly draftModel: string;
  /** Providers that there is a key for. */
  readonly providers: ReadonlySet<Provider>;
  /** The ways to agents that run elsewhere. */
  readonly outside: OutsideAgents;
  /** Requests to a provider under way at a time, where that is known. */
  readonly concurrency?: number;
}

/** What jobs are given: the outside by its roles, and the clock. */
export interface JobDeps {
  /** Gives a repository of an installation; what is changed there is told to the log. */
  readonly connect: (installationId: number, owner: string, repo: string, log?: Logger) => Promise<GitHub>;
  readonly incidents: IncidentRecords;
  readonly gateRuns: GateRuns;
  readonly findings: FindingRecords;
  readonly lastConfigs: LastConfigs;
  readonly heldFixtures: HeldFixtures;
  readonly generations: Generations;
  readonly decisions: Decisions;
  readonly outcomes: FixtureOutcomes;
  readonly standaloneRuns: StandaloneRuns;
  readonly branchResults: BranchResults;
  readonly trials: TrialStore;
  readonly reportPages: ReportPages;
  /** Under which people reach this server, without a slash at the end; undefined where nobody said. */
  readonly publicUrl: string | undefined;
  readonly redactor: Redactor;
  readonly queue: Pick<JobQueue<Job>, "enqueue">;
  readonly models: Models | undefined;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsedMs: () => number;
  readonly newId: () => string;
  /** Digest of a text, as hex. */
  readonly digest: (text: string) => string;
}

/** What drafting needs of the outside. */
export type DraftDeps = Pick<JobDeps, "redactor" | "models" | "now" | "elapsedMs"> & {
  /** Gives an incident another weight than the table, where somebody decided so on these facts. */
  readonly overrule?: ((facts: string, automatic: Triage) => Promise<Triage>) | undefined;
};
