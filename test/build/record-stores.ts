import { memoryCreations } from "../../src/adapters/github/memory-creations.ts";
import { postgresBranchResults } from "../../src/adapters/postgres/branch-results.ts";
import { postgresCreations } from "../../src/adapters/postgres/creations.ts";
import { postgresFindings } from "../../src/adapters/postgres/gate-findings.ts";
import { postgresGateRuns } from "../../src/adapters/postgres/gate-runs.ts";
import { postgresGenerations } from "../../src/adapters/postgres/generations.ts";
import { postgresHeldFixtures } from "../../src/adapters/postgres/held-fixtures.ts";
import { postgresIncidentRecords } from "../../src/adapters/postgres/incident-records.ts";
import { postgresLastConfigs } from "../../src/adapters/postgres/last-configs.ts";
import { postgresReportPages } from "../../src/adapters/postgres/report-pages.ts";
import { postgresSetups } from "../../src/adapters/postgres/setups.ts";
import { postgresStandaloneRuns } from "../../src/adapters/postgres/standalone-runs.ts";
import type { BranchResults } from "../../src/ports/branch-results.ts";
import type { CreationPruning, Creations } from "../../src/ports/creations.ts";
import type {
  FindingRecords,
  GateRuns,
  Generations,
  HeldFixtures,
  IncidentRecords,
  LastConfigs,
} from "../../src/ports/records.ts";
import type { ReportPages } from "../../src/ports/report-pages.ts";
import type { Setups } from "../../src/ports/setups.ts";
import type { StandaloneRuns } from "../../src/ports/standalone-runs.ts";
import { type Engine, reachableEngines } from "./databases.ts";
import { fakeRecords } from "./fake-records.ts";
import { fakeStandaloneRecords } from "./fake-standalone-runs.ts";

/** Everything that is remembered, in one empty store. */
export interface RecordStore {
  readonly incidents: IncidentRecords;
  readonly gateRuns: GateRuns;
  readonly findings: FindingRecords;
  readonly lastConfigs: LastConfigs;
  readonly heldFixtures: HeldFixtures;
  readonly generations: Generations;
  readonly setups: Setups;
  readonly reportPages: ReportPages;
  readonly standaloneRuns: StandaloneRuns;
  readonly branchResults: BranchResults;
  readonly creations: Creations & CreationPruning;
  /** Closes the store and removes it. */
  remove(): Promise<void>;
}

interface NamedStore {
  readonly name: string;
  open(): Promise<RecordStore>;
}

/** Every store that the contract of the records is held on: the databases of this machine, and what tests of jobs use. */
export async function reachableRecordStores(): Promise<readonly NamedStore[]> {
  const memory = {
    name: "memory",
    open: async () => ({
      ...fakeRecords(),
      ...fakeStandaloneRecords(),
      creations: memoryCreations(),
      remove: async () => undefined,
    }),
  };
  return [...(await reachableEngines()).map(storeOn), memory];
}

function storeOn(engine: Engine): NamedStore {
  return {
    name: engine.name,
    async open() {
      const { database, remove } = await engine.open();
      const { kysely } = database;
      return {
        incidents: postgresIncidentRecords(kysely),
        gateRuns: postgresGateRuns(kysely),
        findings: postgresFindings(kysely),
        lastConfigs: postgresLastConfigs(kysely),
        heldFixtures: postgresHeldFixtures(kysely),
        generations: postgresGenerations(kysely),
        setups: postgresSetups(kysely),
        reportPages: postgresReportPages(kysely),
        standaloneRuns: postgresStandaloneRuns(kysely),
        branchResults: postgresBranchResults(kysely),
        creations: postgresCreations(kysely),
        remove,
      };
    },
  };
}
