import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";
import { fromPglite, PgBoss } from "pg-boss";
import { migrate } from "../../src/adapters/postgres/migrations.ts";
import { SCHEMA } from "../../src/adapters/postgres/tables.ts";

/** Prepares one embedded database with empty tables for all test files: starting from its image takes a fraction of making one. */
export default async function prepareDatabaseImage() {
  if (process.env.TEST_DATABASE_URL === undefined) {
    process.stderr.write(
      "\nTEST_DATABASE_URL is not set: what runs on a PostgreSQL server was not tested, only the embedded one.\n",
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "incident-to-eval-image-"));
  const pglite = await PGlite.create();
  await migrate(new Kysely({ dialect: new PGliteDialect({ pglite }) }).withSchema(SCHEMA));
  const boss = new PgBoss({ backend: "pglite", db: fromPglite(pglite) });
  await boss.start();
  await boss.stop();
  // Each database that starts from the image unpacks all its files, and two of three databases in it are templates.
  await pglite.exec("update pg_database set datistemplate = false");
  for (const template of ["template0", "template1"]) await pglite.exec(`drop database ${template}`);
  await pglite.exec("checkpoint");
  const image = await pglite.dumpDataDir("none");
  await pglite.close();
  const path = join(folder, "image.tar");
  await writeFile(path, Buffer.from(await image.arrayBuffer()));
  process.env.TEST_DATABASE_IMAGE = path;
}
