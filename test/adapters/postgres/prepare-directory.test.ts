import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { prepareDirectory } from "../../../src/adapters/postgres/prepare-directory.ts";

/** A database is made on a disk. */
const TEST_MS = 90_000;

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "incident-to-eval-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

test(
  "a database is made where one was left half-made, which is kept aside unless it was ours",
  async () => {
    await mkdir(join(directory, "postgres.new-killed"));
    await writeFile(join(directory, "postgres.new-killed", "PG_VERSION"), "18");
    await mkdir(join(directory, "postgres"));
    await writeFile(join(directory, "postgres", "PG_VERSION"), "18");
    const path = await prepareDirectory(directory);
    expect(await readdir(path)).toEqual(expect.arrayContaining(["PG_VERSION", "base", "global"]));
    const aside = (await readdir(directory)).filter((name) => name !== "postgres");
    expect(aside).toEqual([expect.stringMatching(/^postgres\.unusable-/)]);
    expect(await readFile(join(directory, aside[0] ?? "", "PG_VERSION"), "utf8")).toBe("18");

    await writeFile(join(path, "mark"), "the same database");
    expect(await prepareDirectory(directory)).toBe(path);
    expect(await readFile(join(path, "mark"), "utf8")).toBe("the same database");
  },
  TEST_MS,
);
