#!/usr/bin/env node
import process from "node:process";

const NODE_VERSION_MIN = 24;

// Nothing else is imported before the version is known: an older Node would fail with a stack trace
// somewhere in the middle of a library.
const major = Number(process.versions.node.split(".")[0]);
if (major < NODE_VERSION_MIN) {
  process.stderr.write(
    `incident-to-eval needs Node ${NODE_VERSION_MIN} or newer, this is ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
} else {
  const { keepCompiledCode } = await import("./keep-compiled-code.ts");
  keepCompiledCode(process.env, process.platform);
  const { runInProcess } = await import("./run-in-process.ts");
  await runInProcess(process);
}
