import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { up as deliveries } from "./migrations/001-deliveries.ts";
import { up as incidents } from "./migrations/002-incidents.ts";
import { up as gate } from "./migrations/003-gate.ts";
import { up as blobs } from "./migrations/004-blobs.ts";
import { up as judgement } from "./migrations/005-judgement.ts";
import { up as keeping } from "./migrations/006-keeping.ts";
import { up as inbox } from "./migrations/007-inbox.ts";
import { up as creations } from "./migrations/008-creations.ts";
import { up as sweeps } from "./migrations/009-sweeps.ts";
import { up as deadLetters } from "./migrations/010-dead-letters.ts";
import { up as told } from "./migrations/011-told.ts";
import { up as decisions } from "./migrations/012-decisions.ts";
import { up as standalone } from "./migrations/013-standalone.ts";
import { up as findings } from "./migrations/014-findings.ts";
import { up as trials } from "./migrations/015-trials.ts";
import { up as reportPages } from "./migrations/016-report-pages.ts";
import { up as setups } from "./migrations/017-setups.ts";
import { SCHEMA, type Tables } from "./tables.ts";

// In the order of their numbers. Each sees the tables as they were when it was written, so it takes no table types.
const MIGRATIONS = {
  "001_deliveries": { up: deliveries },
  "002_incidents": { up: incidents },
  "003_gate": { up: gate },
  "004_blobs": { up: blobs },
  "005_judgement": { up: judgement },
  "006_keeping": { up: keeping },
  "007_inbox": { up: inbox },
  "008_creations": { up: creations },
  "009_sweeps": { up: sweeps },
  "010_dead_letters": { up: deadLetters },
  "011_told": { up: told },
  "012_decisions": { up: decisions },
  "013_standalone": { up: standalone },
  "014_findings": { up: findings },
  "015_trials": { up: trials },
  "016_report_pages": { up: reportPages },
  "017_setups": { up: setups },
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
