import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The measurements, each a script of its own with options of its own. */
const BENCHES = ["trials", "suite", "rendering", "webhooks", "gate"];

const [, , ...given] = process.argv;
const named = given.filter((argument) => BENCHES.includes(argument));
const options = given.filter((argument) => !BENCHES.includes(argument));
const chosen = named.length > 0 ? named : BENCHES;
if (options.length > 0 && named.length !== 1) {
  process.stderr.write(`Options belong to one measurement; name it first: ${BENCHES.join(", ")}.\n`);
  process.exit(2);
}
for (const name of chosen) {
  process.stdout.write(`\n== ${name} ==\n\n`);
  const script = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, [script, ...options], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
