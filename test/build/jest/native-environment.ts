import { setTimeout as sleep } from "node:timers/promises";

const CLOSING_LOOKS_MAX = 100;
const CLOSING_LOOK_MS = 10;

/** What a test may put something else in the place of, and has to put back. */
const REPLACEABLE = ["Date", "fetch", "setTimeout", "setInterval", "setImmediate", "performance"] as const;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** What goes on running in the files after it: servers and processes; sockets close by themselves. */
const RUNNING = ["TCPServerWrap", "PipeServerWrap", "ProcessWrap"] as const;

interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly globals: ReadonlyMap<string, unknown>;
  readonly listeners: ReadonlyMap<string, number>;
  readonly running: ReadonlyMap<string, number>;
}

const realConsole = globalThis.console;
let consoleOfFile = realConsole;
shareConsole();

/** The world of a test file is the process itself. A file fails by what it leaves there, since the next one would find it. */
export default class NativeEnvironment {
  readonly global = globalThis;
  readonly #before = lookAround();
  readonly #exit = process.exit;

  async setup(): Promise<void> {}

  /** Looks for what is left when the last hook of the file has run. */
  async handleTestEvent(event: { name: string }, state: { unhandledErrors: unknown[] }): Promise<void> {
    if (event.name !== "run_finish") return;
    const left = await leftBehind(this.#before);
    if (left.length === 0) return;
    state.unhandledErrors.push(
      new Error(`the test file left behind what the next one of its worker would find: ${left.join(", ")}`),
    );
  }

  async teardown(): Promise<void> {
    consoleOfFile = realConsole;
    process.exit = this.#exit;
  }

  exportConditions(): string[] {
    return ["node", "node-addons"];
  }

  getVmContext(): null {
    return null;
  }
}

async function leftBehind(before: World): Promise<readonly string[]> {
  for (let looks = 0; ; looks += 1) {
    const left = difference(before, lookAround());
    // What was told to close takes some turns to be gone.
    if (left.length === 0 || looks === CLOSING_LOOKS_MAX) return left;
    await sleep(CLOSING_LOOK_MS);
  }
}

function lookAround(): World {
  const active = process.getActiveResourcesInfo();
  return {
    environment: { ...process.env },
    directory: process.cwd(),
    globals: new Map(REPLACEABLE.map((name) => [name, globalThis[name]])),
    listeners: new Map(SIGNALS.map((name) => [name, process.listenerCount(name)])),
    running: new Map(RUNNING.map((kind) => [kind, active.filter((name) => name === kind).length])),
  };
}

function difference(before: World, after: World): readonly string[] {
  const names = new Set([...Object.keys(before.environment), ...Object.keys(after.environment)]);
  return [
    ...[...names]
      .filter((name) => before.environment[name] !== after.environment[name])
      .map((name) => `the environment variable ${name}`),
    ...(before.directory === after.directory ? [] : ["another working directory"]),
    ...REPLACEABLE.filter((name) => before.globals.get(name) !== after.globals.get(name)),
    ...SIGNALS.filter((name) => before.listeners.get(name) !== after.listeners.get(name)).map(
      (name) => `a listener to ${name}`,
    ),
    ...RUNNING.filter((kind) => (after.running.get(kind) ?? 0) > (before.running.get(kind) ?? 0)).map(
      (kind) => `an open ${kind}`,
    ),
  ];
}

/**
 * Jest sets a console for each file. Libraries keep the methods of the one that they met when they were loaded,
 * so they meet one that hands on to the console of the file that runs.
 */
function shareConsole(): void {
  const shared = Object.create(realConsole);
  for (const name of ["debug", "error", "info", "log", "trace", "warn"] as const)
    shared[name] = (...said: unknown[]) => consoleOfFile[name](...said);
  Object.defineProperty(globalThis, "console", {
    configurable: true,
    get: () => shared,
    set: (given: Console) => {
      consoleOfFile = given;
    },
  });
}
