import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openContentFiles } from "../../src/adapters/content-files/content-files.ts";
import { contentsInMemory } from "../../src/app/jobs/contents-in-memory.ts";

const A = "a".repeat(40);
const B = "b".repeat(64);
const C = "c".repeat(40);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contents-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFiles = (program = "1.0.0-abc", at = folder) => openContentFiles({ folder: at, program });
const onlyFile = () => join(folder, readdirSync(folder)[0] ?? "");

describe.each([
  { name: "in files", open: inFiles },
  { name: "in memory", open: () => contentsInMemory() },
])("contents $name", ({ open }) => {
  test("are found by their ids, and others are not", async () => {
    const store = open();
    expect(await store.find([A])).toEqual(new Map());
    await store.keep(new Map([[A, '["Grüße 🙂"]']]));
    await store.keep(
      new Map([
        [B, "[]"],
        [C, ""],
      ]),
    );
    expect(await store.find([B, A, "d".repeat(40)])).toEqual(
      new Map([
        [A, '["Grüße 🙂"]'],
        [B, "[]"],
      ]),
    );
    expect(await store.find([C])).toEqual(new Map([[C, ""]]));
  });
});

describe("contents in memory", () => {
  test("are bounded, and what nobody asked for longest goes first", async () => {
    const store = contentsInMemory(10);
    await store.keep(new Map([[A, "12345"]]));
    await store.keep(new Map([[B, "12345"]]));
    await store.find([A]);
    await store.keep(new Map([[C, "1"]]));
    expect([...(await store.find([A, B, C])).keys()]).toEqual([A, C]);
    await store.keep(new Map([[B, "longer than all"]]));
    expect((await store.find([A, B, C])).size).toBe(0);
  });
});

describe("contents in files", () => {
  test("are there for the next process, and not for another program", async () => {
    await inFiles().keep(new Map([[A, "[]"]]));
    expect((await inFiles().find([A])).size).toBe(1);
    expect((await inFiles("1.0.0-abd").find([A])).size).toBe(0);
  });

  test.each([
    { what: "is cut", spoil: (text: string) => text.slice(0, -2) },
    { what: "has another letter", spoil: (text: string) => text.replace("held", "helm") },
    { what: "stands under another id", spoil: (text: string) => text.replace(A, C) },
    { what: "has no sum", spoil: (text: string) => text.replace(/ [0-9a-f]{8} /, " ") },
    { what: "is empty", spoil: () => "" },
    { what: "is of bytes", spoil: () => "\u0000\ufffe".repeat(500) },
  ])("a line that $what is a miss, and what is kept after it is found", async ({ spoil }) => {
    await inFiles().keep(new Map([[A, '["held"]']]));
    writeFileSync(onlyFile(), spoil(readFileSync(onlyFile(), "utf8")));
    expect((await inFiles().find([A, C])).size).toBe(0);
    await inFiles().keep(new Map([[A, '["held"]']]));
    expect(await inFiles().find([A])).toEqual(new Map([[A, '["held"]']]));
  });

  test("that another process is still writing do no harm", async () => {
    await inFiles().keep(new Map([[A, "[]"]]));
    appendFileSync(onlyFile(), `${B} 0000`);
    await inFiles().keep(new Map([[C, "[]"]]));
    expect([...(await inFiles().find([A, B, C])).keys()]).toEqual([A, C]);
  });

  test("that cannot be written are lost, and nobody is stopped", async () => {
    writeFileSync(join(folder, "file"), "");
    const store = inFiles("1.0.0", join(folder, "file/below"));
    await store.keep(new Map([[A, "[]"]]));
    expect((await store.find([A])).size).toBe(0);
  });

  test("of programs that are long gone are removed", async () => {
    for (let version = 1; version <= 6; version += 1) {
      await inFiles(`1.0.${version}`).keep(new Map([[A, "[]"]]));
      utimesSync(join(folder, `fixtures-1.0.${version}.lines`), version, version);
    }
    expect(readdirSync(folder).sort()).toEqual(
      [3, 4, 5, 6].map((version) => `fixtures-1.0.${version}.lines`),
    );
  });
});
