import { writeFileSync } from "node:fs";

/** Imported before a program that is measured: leaves in a file what its process used. */
const { USAGE_FILE } = process.env;
if (USAGE_FILE !== undefined) {
  process.on("exit", () => writeFileSync(USAGE_FILE, JSON.stringify(process.resourceUsage())));
}
