import { createCheckoutRepository, WORKING_TREE } from "../adapters/checkout/checkout-repository.ts";
import { watchFolders } from "../adapters/checkout/watch-files.ts";
import { agentPaths } from "../core/agent/agent-files.ts";
import { CONFIG_PATH } from "../core/config/config.ts";
import { FIXTURE_FOLDER } from "../core/suite/fixture-paths.ts";
import { nameOfSelected } from "../core/suite/narrow-plan.ts";
import { createTrialKeys } from "../core/trial/trial-key.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import { EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { digest, judgeOf, scopeOf } from "./keep-trials.ts";
import { isTroubled, readLastRun } from "./last-run.ts";
import type { OpenCheckout } from "./open-checkout.ts";
import type { RunPlan } from "./plan-run.ts";
import { planRun, runOnce } from "./run-once.ts";
import type { RunOptions } from "./run-options.ts";

const KEYS = "Enter runs the same again, a all, f what failed, q ends.";
const INTERRUPT = "\u0003";

/** What somebody wants next: to end, or to run these fixtures; undefined for all. */
type Wish =
  | { readonly kind: "end" }
  | { readonly kind: "run"; readonly only: ReadonlySet<string> | undefined };

/** Runs the fixtures, and again those that a change of a file can affect, until somebody ends it; answers how the last run ended. */
export async function watchRun(
  { folder }: OpenCheckout,
  options: RunOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const stopper = new AbortController();
  const signal = AbortSignal.any([terminal.signal, stopper.signal]);
  const events = listen(terminal, () => stopper.abort(new Error("the run was stopped")));
  const watched = { folder, options, terminal: { ...terminal, signal }, events };
  try {
    return await runUntilEnd(watched);
  } finally {
    events.close();
  }
}

/** All that watching goes on with. */
interface Watched {
  readonly folder: string;
  readonly options: RunOptions;
  readonly terminal: Terminal;
  readonly events: Events;
}

async function runUntilEnd(watched: Watched): Promise<ExitCode> {
  const { folder, options, terminal, events } = watched;
  let code: ExitCode = EXIT.held;
  let wish: Wish = { kind: "run", only: undefined };
  while (wish.kind === "run") {
    const { only } = wish;
    // Files are read anew each time: a checkout remembers what it has read.
    const checkout = { folder, repository: createCheckoutRepository(folder) };
    const before = await contentsOf(watched);
    code = await orSaid(terminal, async () => (await runOnce(checkout, options, terminal, only)).code);
    if (terminal.signal.aborted) return code === EXIT.interrupted && events.hasQuit() ? EXIT.held : code;
    terminal.say(`\nWatching. ${terminal.onKey === undefined ? "" : KEYS}\n`);
    wish = await nextWish(watched, before, only);
  }
  return code;
}

/** A mistake in a file is said, and what comes next may mend it. */
async function orSaid(terminal: Terminal, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (terminal.signal.aborted) return EXIT.interrupted;
    if (!(error instanceof UsageError) && !(error instanceof ExternalFailure)) throw error;
    terminal.say(`incident-to-eval: ${error.message}\n`);
    return error instanceof UsageError ? EXIT.misused : EXIT.undecided;
  }
}

async function nextWish(
  watched: Watched,
  before: Contents,
  last: ReadonlySet<string> | undefined,
): Promise<Wish> {
  const { folder, terminal, events } = watched;
  const unwatch = watchFolders(folder, before.folders, () => events.tell("changed"));
  // What changed while the run was under way was seen by nobody.
  events.tell("look");
  try {
    for (;;) {
      const event = await events.next();
      if (terminal.signal.aborted || event === "q") return { kind: "end" };
      if (event === "\r" || event === "\n") return { kind: "run", only: last };
      if (event === "a") return { kind: "run", only: undefined };
      if (event === "f") return { kind: "run", only: await failedOnes(folder) };
      if (event !== "changed" && event !== "look") continue;
      const only = affected(before, await contentsOf(watched));
      if (only === undefined || only.size > 0) return { kind: "run", only };
      if (event === "changed") terminal.say("Something changed that no fixture depends on.\n");
    }
  } finally {
    unwatch();
  }
}

async function failedOnes(folder: string): Promise<ReadonlySet<string>> {
  const last = await readLastRun(folder);
  return new Set([...last].filter(([, { standing }]) => isTroubled(standing)).map(([name]) => name));
}

/** What a run rests on, to tell what a change can affect. */
interface Contents {
  /** Digest of all that decides how a fixture comes out, by its name; undefined where nothing can be planned. */
  readonly byName: ReadonlyMap<string, string> | undefined;
  /** Folders in which a change can mean something; `""` is the top without what lies below. */
  readonly folders: readonly string[];
}

async function contentsOf({ folder, options, terminal }: Watched): Promise<Contents> {
  const repository = createCheckoutRepository(folder);
  const plan = await planRun(repository, options, terminal).catch(() => undefined);
  if (plan === undefined || plan.kind === "unusable") {
    return { byName: undefined, folders: ["", ...topFolders([CONFIG_PATH, `${FIXTURE_FOLDER}/`])] };
  }
  const tree = await repository.fetchTree(WORKING_TREE);
  const paths = Object.values(plan.config.agents).flatMap((agent) => agentPaths(agent, tree));
  return {
    byName: digests(plan, terminal),
    folders: ["", ...topFolders([CONFIG_PATH, `${FIXTURE_FOLDER}/`, ...paths])],
  };
}

/** The folders that lie in the top one and hold these files. */
function topFolders(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.filter((path) => path.includes("/")).map((path) => path.split("/")[0] ?? ""))];
}

function digests({ config, suite, candidate, baseline }: RunPlan, terminal: Terminal): Contents["byName"] {
  const judging = [judgeOf(config, terminal), config.gate, baseline?.sha];
  const keys = createTrialKeys(digest, `${scopeOf(terminal)}${JSON.stringify(judging)}`);
  return new Map(
    suite.selected.map((one) => {
      const { fixture } = one.file;
      const agents = keys.keyOf({ agents: candidate.agents, fixture }, 0);
      return [nameOfSelected(one), digest(agents + JSON.stringify(fixture))];
    }),
  );
}

/** Names the fixtures that come out otherwise than before, perhaps; undefined for all, where nobody can tell. */
function affected(before: Contents, now: Contents): ReadonlySet<string> | undefined {
  if (now.byName === undefined || before.byName === undefined) return undefined;
  const { byName } = before;
  return new Set(
    [...now.byName].filter(([name, content]) => byName.get(name) !== content).map(([name]) => name),
  );
}

/** Keys and changes, in the order in which they came. */
interface Events {
  readonly next: () => Promise<string>;
  readonly tell: (event: string) => void;
  readonly hasQuit: () => boolean;
  readonly close: () => void;
}

/** Hears keys; `q` also ends what runs. */
function listen({ onKey, signal }: Terminal, quit: () => void): Events {
  const waiting: string[] = [];
  let wake: (() => void) | undefined;
  let quitted = false;
  const tell = (event: string) => {
    if (event !== "changed" || !waiting.includes(event)) waiting.push(event);
    wake?.();
  };
  const stop = onKey?.((key) => {
    if (key === "q") quitted = true;
    if (key === "q" || key === INTERRUPT) quit();
    tell(key);
  });
  const end = () => tell("q");
  signal.addEventListener("abort", end);
  return {
    next: async () => {
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift() ?? "";
    },
    tell,
    hasQuit: () => quitted,
    close: () => {
      stop?.();
      signal.removeEventListener("abort", end);
    },
  };
}
