import { PGlite } from "@electric-sql/pglite";

/**
 * Makes an empty embedded PostgreSQL in the directory that is named, as a process of its own: the first opening
 * of a directory takes five times the memory of any later one, and a process does not give it back.
 */
const [, , directory] = process.argv;
if (directory === undefined) throw new Error("expected the directory as the argument");
const pglite = await PGlite.create({ dataDir: directory });
await pglite.close();
