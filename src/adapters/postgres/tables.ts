import type { ColumnType, Generated } from "kysely";
import type { CheckRun } from "../../core/report/check-run.ts";
import type { BranchResult } from "../../ports/branch-results.ts";
import type { SetupState } from "../../ports/setups.ts";
import type { Occasion, RunAnswer } from "../../ports/standalone-runs.ts";

/** The schema that holds our tables; the queue keeps its own. */
export const SCHEMA = "incident_to_eval";

/** A JSON column: read as a value, written as JSON text. */
type Json = ColumnType<unknown, string, string>;

interface DeliveriesTable {
  readonly id: string;
  readonly event: string;
  /** Text and not JSON, because it is kept as it came. */
  readonly payload: string;
  readonly received_at: Date;
  readonly state: "waiting" | "processed" | "failed";
  readonly problem: string | null;
  readonly settled_at: Date | null;
  readonly attempts: Generated<number>;
  readonly lease_until: Date | null;
  readonly lease_token: string | null;
}

export interface IncidentsTable {
  readonly repo: string;
  readonly issue: number;
  readonly body_hash: string;
  readonly state: string;
  readonly last_written_sha: string | null;
  readonly job_id: string | null;
  readonly updated_at: Date;
}

export interface GateRunsTable {
  readonly id: string;
  /** A bigint, which one driver gives as text and the other as a number. */
  readonly installation_id: ColumnType<string | number | null, number | null, number | null>;
  readonly repo: string;
  readonly pull_request: number;
  readonly head_sha: string;
  readonly base_sha: string;
  readonly judged_by: string;
  readonly approved: boolean;
  readonly state: "running" | "completed" | "cancelled";
  readonly job_id: string | null;
  readonly check_run_ids: ColumnType<Readonly<Record<string, number>>, string, string>;
  readonly checks: ColumnType<readonly CheckRun[] | null, string | null, string | null>;
  readonly outage: boolean;
  readonly result: Json;
  readonly created_at: Date;
  readonly updated_at: Date;
}

interface LastConfigsTable {
  readonly repo: string;
  readonly content: string;
}

interface GateFindingsTable {
  readonly run_id: string;
  readonly findings: string;
}

interface HeldFixturesTable {
  readonly repo: string;
  readonly fixture_id: string;
  readonly sha: string;
  readonly at: Date;
}

interface GenerationsTable {
  readonly repo: string;
  /** The number of a pull request or an issue. */
  readonly pull_request: number;
  readonly number: Generated<number>;
  readonly told_at: Date | null;
  readonly edited_by: string | null;
  readonly touched_at: Generated<Date>;
}

interface TrialsTable {
  readonly key: string;
  readonly content: Uint8Array;
  readonly kept_at: Generated<Date>;
}

interface BlobsTable {
  readonly sha: string;
  readonly content: Uint8Array;
  readonly used_at: Generated<Date>;
}

export interface StandaloneRunsTable {
  readonly repo: string;
  readonly kind: Occasion["kind"];
  readonly subject: string;
  readonly id: string;
  /** A bigint, which one driver gives as text and the other as a number. */
  readonly installation_id: ColumnType<string | number, number, number>;
  readonly head_sha: string;
  readonly state: "running" | "completed" | "cancelled";
  readonly check_run_ids: ColumnType<Readonly<Record<string, number>>, string, string>;
  readonly answer: ColumnType<RunAnswer | null, string | null, string | null>;
  readonly job_id: string;
  readonly job: Json;
  readonly result: Json;
  readonly reports: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

interface BranchResultsTable {
  readonly repo: string;
  readonly fixture_id: string;
  readonly digest: string;
  readonly sha: string;
  readonly outcome: BranchResult["outcome"];
  readonly passed: number;
  readonly failed: number;
  readonly at: Date;
  readonly issue: number | null;
  readonly first_passed_at: Date | null;
}

interface HeartbeatsTable {
  readonly name: string;
  readonly at: Date;
}

export interface SweepsTable {
  readonly name: string;
  readonly swept_to: Date | null;
  readonly whole_at: Date | null;
  readonly rest_from: string | null;
  readonly rest_to: Date | null;
  readonly updated_at: Date;
}

interface MissedDeliveriesTable {
  readonly delivery_id: string;
  readonly attempt_id: string;
  readonly times: Generated<number>;
  readonly missed_at: Date;
  readonly next_at: Date;
}

interface RepositoriesTable {
  /** A bigint, which one driver gives as text and the other as a number. */
  readonly id: ColumnType<string | number, number, never>;
  readonly installation_id: ColumnType<string | number, number, number>;
  readonly name: string;
  readonly named_at: Date;
}

interface SetupsTable {
  readonly repo: string;
  /** A bigint, which one driver gives as text and the other as a number. */
  readonly installation_id: ColumnType<string | number, number, number>;
  readonly state: SetupState;
  readonly pull_request: number | null;
  readonly proposed_at: Date | null;
}

interface CreationsTable {
  readonly key: string;
  readonly created: string | null;
  readonly asking: Generated<number>;
  readonly noted_at: Generated<Date>;
  readonly said: string | null;
}

interface DeadLettersTable {
  readonly id: string;
  readonly kind: string;
  readonly place: string;
  readonly job: ColumnType<unknown, string | null, never>;
  readonly because: string;
  readonly attempts: number;
  readonly at: Date;
  readonly decision: "retried" | "dismissed" | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
}

export interface DecisionsTable {
  readonly repo: string;
  readonly id: string;
  readonly kind: "override" | "release_override" | "quarantine" | "triage";
  readonly actor: string;
  readonly allowed_as: string;
  readonly reason: string;
  readonly at: Date;
  /** Of the pull request or issue. */
  readonly number: number | null;
  readonly head_sha: string | null;
  /** The fixture that is quarantined, or the level that an incident gets. */
  readonly subject: string | null;
  readonly details: Json;
  readonly expires_at: Date | null;
}

interface FixtureOutcomesTable {
  readonly repo: string;
  readonly fixture_id: string;
  readonly run_id: string;
  readonly side: "candidate" | "baseline";
  readonly sha: string;
  readonly passed: number;
  readonly failed: number;
  readonly at: Date;
}

interface ReportPagesTable {
  readonly id: string;
  readonly repo: string;
  readonly content: Uint8Array;
  readonly made_at: Date;
}

/** Our tables as Kysely sees them. */
export interface Tables {
  readonly decisions: DecisionsTable;
  readonly fixture_outcomes: FixtureOutcomesTable;
  readonly deliveries: DeliveriesTable;
  readonly incidents: IncidentsTable;
  readonly gate_runs: GateRunsTable;
  readonly gate_findings: GateFindingsTable;
  readonly last_configs: LastConfigsTable;
  readonly held_fixtures: HeldFixturesTable;
  readonly generations: GenerationsTable;
  readonly standalone_runs: StandaloneRunsTable;
  readonly branch_results: BranchResultsTable;
  readonly blobs: BlobsTable;
  readonly trials: TrialsTable;
  readonly report_pages: ReportPagesTable;
  readonly heartbeats: HeartbeatsTable;
  readonly setups: SetupsTable;
  readonly creations: CreationsTable;
  readonly sweeps: SweepsTable;
  readonly missed_deliveries: MissedDeliveriesTable;
  readonly repositories: RepositoriesTable;
  readonly dead_letters: DeadLettersTable;
}
