import { parse } from "yaml";
import { openContentFiles } from "../src/adapters/content-files/content-files.ts";
import { readContent } from "../src/core/fixture/read-content.ts";
import { readStoredContent, writeStoredContent } from "../src/core/fixture/stored-content.ts";
import { fixtureText } from "./suite-project.ts";

/** Reads so many fixture files in one way, as a process, and prints the milliseconds that reading took. */
const [, , way = "", count = "", folder = ""] = process.argv;
const texts = Array.from({ length: Number(count) }, (_, number) => fixtureText(number));
const ids = texts.map((_, number) => number.toString(16).padStart(40, "0"));
const kept = openContentFiles({ folder, program: "bench" });

const startedMs = performance.now();
switch (way) {
  case "yaml":
    for (const text of texts) parse(text);
    break;
  case "cold": {
    const stored = new Map<string, string>();
    for (const [number, text] of texts.entries()) {
      const content = readContent(text);
      if (content.kind !== "fixture") throw new Error("a fixture of the measurement cannot be read");
      stored.set(ids[number] ?? "", writeStoredContent(content) ?? "");
    }
    await kept.keep(stored);
    break;
  }
  case "kept": {
    const found = await kept.find(ids);
    let read = 0;
    for (const stored of found.values()) if (readStoredContent(stored)?.kind === "fixture") read += 1;
    if (read !== texts.length) throw new Error(`expected ${texts.length} kept fixtures, got ${read}`);
    break;
  }
  default:
    throw new Error(`no way of reading is called ${way}`);
}
process.stdout.write(`${performance.now() - startedMs}\n`);
