import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/** Prepares one empty embedded database for all test files: starting from its image takes a third of making one. */
export default async function prepareDatabaseImage() {
  if (process.env.TEST_DATABASE_URL === undefined) {
    process.stderr.write(
      "\nTEST_DATABASE_URL is not set: what runs on a PostgreSQL server was not tested, only the embedded one.\n",
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "incident-to-eval-image-"));
  const pglite = await PGlite.create();
  const image = await pglite.dumpDataDir("none");
  await pglite.close();
  const path = join(folder, "image.tar");
  await writeFile(path, Buffer.from(await image.arrayBuffer()));
  process.env.TEST_DATABASE_IMAGE = path;
}
