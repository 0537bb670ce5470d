import type { CheckRun } from "../core/report/check-run.ts";
import type { GateFindings } from "../core/report/decide-checks.ts";

/** A repository in the form `owner/name`. */
type RepoName = string;

/** What we know of an incident from earlier runs. */
export interface IncidentRecord {
  readonly repo: RepoName;
  readonly issue: number;
  /** Digest of the body that the fixtures were drafted from. */
  readonly bodyHash: string;
  /** Where the incident stands, in the words of the job that drafts. */
  readonly state: string;
  /** The commit that we wrote last to the branch: any other tip is a person's. */
  readonly lastWrittenSha: string | undefined;
  /** The queue's id of the job that was answered last; unknown for records of versions that did not keep it. */
  readonly jobId: string | undefined;
  readonly updatedAt: Date;
}

/** Remembers incidents by repository and issue. */
export interface IncidentRecords {
  /** Reads what is known of an incident, or undefined where nothing is. */
  fetchIncident(repo: RepoName, issue: number): Promise<IncidentRecord | undefined>;
  /** Replaces what is known of an incident. */
  saveIncident(record: IncidentRecord): Promise<void>;
}

/** One run of the gate on a pull request's head. */
export interface GateRun {
  readonly id: string;
  /** The installation that gave us the repository; unknown for runs of versions that did not keep it. */
  readonly installationId: number | undefined;
  readonly repo: RepoName;
  readonly pullRequest: number;
  readonly headSha: string;
  readonly baseSha: string;
  /** Digest of all that judges the head: the fixtures and configurations of the protecting branches, and the baseline. */
  readonly judgedBy: string;
  readonly state: "running" | "completed" | "cancelled";
  /** The queue's id of the job that it answers; unknown for runs of versions that did not keep it. */
  readonly jobId: string | undefined;
  /** Somebody who may said that this head of a fork may cost money; every later run on it may. */
  readonly approved: boolean;
  /** The check runs on GitHub by name. */
  readonly checkRunIds: Readonly<Record<string, number>>;
  /** What its check runs say of this pull request alone; undefined until that is decided. */
  readonly checks: readonly CheckRun[] | undefined;
  /** The provider left something undecided that another run may decide. */
  readonly outage: boolean;
  /** What came of it, as plain JSON; null while it runs. */
  readonly result: unknown;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Remembers gate runs, so that none is left open after a crash. */
export interface GateRuns {
  /** Creates a run or replaces it. */
  saveRun(run: GateRun): Promise<void>;
  /** Lists the runs that are not over, oldest first. */
  searchRunning(): Promise<readonly GateRun[]>;
  /** Lists the runs on a commit, newest first; several pull requests can share one. */
  searchByHead(repo: RepoName, headSha: string): Promise<readonly GateRun[]>;
  /** Lists the runs of a pull request, newest first. */
  searchByPullRequest(repo: RepoName, pullRequest: number): Promise<readonly GateRun[]>;
  /** Removes runs that were over before this time and answers how many. */
  pruneOver(before: Date): Promise<number>;
}

/** Remembers what the checks of runs were decided from, where an approval changes what they say; as long as the runs. */
export interface FindingRecords {
  /** Keeps the findings of a run that is kept, in place of earlier ones. */
  saveFindings(runId: string, findings: GateFindings): Promise<void>;
  /** Reads the findings of a run, or undefined where none are kept. */
  fetchFindings(runId: string): Promise<GateFindings | undefined>;
}

/** Remembers the last configuration of each default branch that could be used. */
export interface LastConfigs {
  /** Reads its text, or undefined where none is known. */
  fetchLastConfig(repo: RepoName): Promise<string | undefined>;
  /** Replaces it. */
  saveLastConfig(repo: RepoName, text: string): Promise<void>;
}

/** A fixture that has passed on the default branch. */
export interface HeldFixture {
  readonly fixtureId: string;
  /** The commit on which it passed first. */
  readonly sha: string;
  readonly at: Date;
}

/** Remembers which fixtures must hold from now on. */
export interface HeldFixtures {
  /** Lists the fixtures of a repository that have held. */
  searchHeld(repo: RepoName): Promise<readonly HeldFixture[]>;
  /** Notes fixtures that passed; what is known already stays as it is. */
  saveHeld(repo: RepoName, held: readonly HeldFixture[]): Promise<void>;
}

/** What an event told of an issue or a pull request. */
export interface Told {
  /** When GitHub updated it last: until its reads show that time they show something older. */
  readonly toldAt?: Date | undefined;
  /** Who changed its text, where that is what happened. */
  readonly editedBy?: string | undefined;
}

/** An issue or a pull request that something happened to. */
export interface Touched extends Told {
  readonly repo: RepoName;
  readonly number: number;
}

/** What happened to an issue or a pull request until now. */
export interface Generation {
  /** How many events were counted; zero where none was. */
  readonly count: number;
  /** The newest time that an event told. */
  readonly toldAt: Date | undefined;
  /** Who changed its text last. */
  readonly editedBy: string | undefined;
}

/** Counts the events of issues and pull requests, which share their numbers, so that a running job can see that it is superseded. */
export interface Generations {
  /** Counts one more event and answers how many there are. */
  bumpGeneration(repo: RepoName, number: number, told?: Told): Promise<number>;
  /** Reads what happened until now. */
  fetchGeneration(repo: RepoName, number: number): Promise<Generation>;
  /** Forgets what nothing happened to since this time, and answers how many. */
  pruneUntouched(before: Date): Promise<number>;
}

/** Keeps git blobs, which never change, by their id. */
export interface Blobs {
  /** Reads the blobs that are kept; those that are not are missing from the answer. */
  fetchBlobs(shas: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Keeps blobs. */
  saveBlobs(blobs: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

/** Forgets git blobs that nobody reads any more; they can be fetched again. */
export interface BlobPruning {
  /** Removes blobs that were read last before this time, give or take a day, and answers how many. */
  pruneUnused(before: Date): Promise<number>;
}
