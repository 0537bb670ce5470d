import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import * as deliveries from "./migrations/001-deliveries.ts";
import * as incidents from "./migrations/002-incidents.ts";
import * as gate from "./migrations/003-gate.ts";
import * as blobs from "./migrations/004-blobs.ts";
import * as judgement from "./migrations/005-judgement.ts";
import * as keeping from "./migrations/006-keeping.ts";
import * as inbox from "./migrations/007-inbox.ts";
import * as creations from "./migrations/008-creations.ts";
import * as sweeps from "./migrations/009-sweeps.ts";
import * as deadLetters from "./migrations/010-dead-letters.ts";
import { SCHEMA, type Tables } from "./tables.ts";

// In the order of their numbers. Each sees the tables as they were when it was written, so it takes no table types.
const MIGRATIONS = {
  "001_deliveries": deliveries,
  "002_incidents": incidents,
  "003_gate": gate,
  "004_blobs": blobs,
  "005_judgement": judgement,
  "006_keeping": keeping,
  "007_inbox": inbox,
  "008_creations": creations,
  "009_sweeps": sweeps,
  "010_dead_letters": deadLetters,
};

/** Brings the tables up to date, or up to the step that is named; several processes may start at the same time, one of them does it. */
export async function migrate(db: Kysely<Tables>, upTo?: keyof typeof MIGRATIONS): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableSchema: SCHEMA,
  });
  const { error } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo));
  if (error !== undefined) throw error;
}
