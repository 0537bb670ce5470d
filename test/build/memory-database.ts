import { openAsBlob } from "node:fs";
import type { DatabasePlace } from "../../src/adapters/postgres/open-database.ts";

/** An empty embedded database, started from the image that all test files share. */
export async function memoryDatabase(): Promise<DatabasePlace> {
  const path = process.env.TEST_DATABASE_IMAGE;
  return path === undefined ? { kind: "memory" } : { kind: "memory", image: await openAsBlob(path) };
}
