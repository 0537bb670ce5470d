import { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const GLOBALS = new URL("./jest-globals.js", import.meta.url);

let filesBegun = 0;
const imported = new Set<string>();

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "@jest/globals"
      ? { url: `${GLOBALS.href}?file=${filesBegun}`, shortCircuit: true }
      : next(specifier, context),
});

/**
 * Lets Jest load test files as Node itself loads modules, so that all files of a worker share what they import.
 * Jest's own runtime loads everything anew for each file, which was most of the time that the tests took.
 */
export default class NativeRuntime {
  constructor() {
    filesBegun += 1;
  }

  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  /** Imports a test file, or what runs before each: from the second time on under another name, or Node would not run it again. */
  unstable_importModule(path: string): Promise<unknown> {
    const { href } = pathToFileURL(path);
    if (imported.has(href)) return import(`${href}?file=${filesBegun}`);
    imported.add(href);
    return import(href);
  }

  /** Loads the part of Jest that holds the tests of a file: anew for each file. */
  requireInternalModule(path: string): unknown {
    forgetTests();
    delete require.cache[path];
    return require(path);
  }

  requireModule(path: string): unknown {
    return require(path);
  }

  getSourceMaps(): Map<string, string> {
    return new Map();
  }

  getAllCoverageInfoCopy(): undefined {
    return undefined;
  }

  setGlobalsForRuntime(): void {}
  enterTestCode(): void {}
  leaveTestCode(): void {}
  teardown(): void {}
}

/** Takes away what Jest keeps of the file before in the global object, which used to go with its virtual machine. */
function forgetTests(): void {
  for (const key of Object.getOwnPropertySymbols(globalThis))
    if (key.description === "EVENT_HANDLERS" || key.description === "JEST_STATE_SYMBOL")
      Reflect.deleteProperty(globalThis, key);
}
