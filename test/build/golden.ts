import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "@jest/globals";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const HOW_TO_UPDATE = "run the test with UPDATE_GOLDEN=1 and read the diff before you commit it";

/** Compares what people read with `test/golden/<name>`; `UPDATE_GOLDEN=1` writes the file instead. */
export function expectGolden(name: string, text: string): void {
  expectFile(join("test", "golden", name), text);
}

/** Compares a text with a file that the repository publishes; `UPDATE_GOLDEN=1` writes the file instead. */
export function expectFile(path: string, text: string): void {
  const file = join(ROOT, path);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  if (!existsSync(file)) throw new Error(`${path} does not exist yet: ${HOW_TO_UPDATE}`);
  const kept = readFileSync(file, "utf8");
  if (kept === text) return;
  process.stderr.write(`${path} differs: ${HOW_TO_UPDATE}\n`);
  expect(text).toBe(kept);
}
