import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/** Prepares one empty embedded database for all test files: starting from its image takes a third of making one. */
export default async function prepareDatabaseImage() {
  const folder = await mkdtemp(join(tmpdir(), "incident-to-eval-image-"));
  const pglite = await PGlite.create();
  const image = await pglite.dumpDataDir("none");
  await pglite.close();
  const path = join(folder, "image.tar");
  await writeFile(path, Buffer.from(await image.arrayBuffer()));
  process.env.TEST_DATABASE_IMAGE = path;
}
