import { rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Removes what `database-image.js` prepared. */
export default async function dropDatabaseImage() {
  const path = process.env.TEST_DATABASE_IMAGE;
  if (path !== undefined) await rm(dirname(path), { recursive: true, force: true });
}
