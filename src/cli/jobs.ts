import { z } from "zod";
import { plural } from "../core/report/amounts.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { readArguments } from "./read-arguments.ts";

const HELP = `Lists what a server gave up, and has it tried again.

Usage: incident-to-eval jobs [--server URL]
       incident-to-eval jobs retry <id>... [--server URL]
       incident-to-eval jobs retry --all [--server URL]

  --server URL   where the server listens, default http://127.0.0.1:3000
  --all          try everything again that is on the list

The server's ADMIN_TOKEN is taken from the environment.

Examples
  incident-to-eval jobs --server https://evals.example.com
  incident-to-eval jobs retry --all

Exit codes: 0 listed or tried again, 1 something is not on the list any more, 2 usage,
3 the server could not be asked.
`;

const SERVER_DEFAULT = "http://127.0.0.1:3000";

const OPTIONS = {
  server: { type: "string", default: SERVER_DEFAULT },
  all: { type: "boolean", default: false },
} as const;

const REQUEST_TIMEOUT_MS = 30_000;
/** The server lists so many at a time; this ends a list that does not get shorter. */
const ROUNDS_MAX = 1_000;
const ID = /^[A-Za-z0-9._:-]{1,200}$/;

const listSchema = z.object({
  total: z.number(),
  deadLetters: z.array(
    z.object({
      id: z.string().regex(ID),
      kind: z.string(),
      place: z.string(),
      because: z.string(),
      attempts: z.number(),
      at: z.string(),
    }),
  ),
});
type List = z.output<typeof listSchema>;

const refusalSchema = z.object({ error: z.string() });

/** A server that cannot be asked; the message says why and what to do. */
class Unreachable extends Error {}

/** Asks the server, with the administrator's token. */
type Ask = (
  method: "GET" | "POST",
  path: string,
) => Promise<{ readonly status: number; readonly value: unknown }>;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("jobs", args, OPTIONS);
  const [action, ...ids] = positionals;
  const ask = askerOf(values.server, terminal);
  try {
    if (action === undefined && !values.all) return await list(ask, terminal);
    if (action !== "retry" || values.all === ids.length > 0 || !ids.every((id) => ID.test(id)))
      throw new UsageError(
        "jobs lists, or takes `retry` with ids or --all. Run `incident-to-eval jobs --help`.",
      );
    return values.all ? await retryAll(ask, terminal) : await retry(ids, ask, terminal);
  } catch (cause) {
    if (!(cause instanceof Unreachable)) throw cause;
    terminal.say(`incident-to-eval: ${cause.message}\n`);
    return EXIT.undecided;
  }
}

async function list(ask: Ask, terminal: Terminal): Promise<ExitCode> {
  const { total, deadLetters } = await fetchList(ask);
  for (const { id, kind, place, because, attempts, at } of deadLetters)
    terminal.print(
      `${id}\n  ${kind} · ${place} · tried ${plural(attempts, "time")}, given up ${at}\n  ${oneLine(because)}\n`,
    );
  terminal.print(total === 0 ? "nothing was given up\n" : `${total} given up\n`);
  return EXIT.held;
}

async function retry(ids: readonly string[], ask: Ask, terminal: Terminal): Promise<ExitCode> {
  let ended: ExitCode = EXIT.held;
  for (const id of ids) {
    const { status, value } = await ask("POST", `/api/dead-letters/${id}/retry`);
    if (status === 200) {
      terminal.print(`${id}: tried again\n`);
      continue;
    }
    if (status !== 404 && status !== 409) throw refusedBy(status, value);
    terminal.say(`${id}: ${refusalSchema.parse(value).error}\n`);
    ended = EXIT.blocked;
  }
  return ended;
}

async function retryAll(ask: Ask, terminal: Terminal): Promise<ExitCode> {
  const done = new Set<string>();
  let ended: ExitCode = EXIT.held;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { deadLetters } = await fetchList(ask);
    // What was given up again meanwhile, or cannot be tried again, is for the next call.
    const left = deadLetters.map(({ id }) => id).filter((id) => !done.has(id));
    if (left.length === 0) break;
    if ((await retry(left, ask, terminal)) !== EXIT.held) ended = EXIT.blocked;
    for (const id of left) done.add(id);
  }
  if (done.size === 0) terminal.print("nothing was given up\n");
  return ended;
}

async function fetchList(ask: Ask): Promise<List> {
  const { status, value } = await ask("GET", "/api/dead-letters");
  if (status !== 200) throw refusedBy(status, value);
  return listSchema.parse(value);
}

function askerOf(server: string, { environment, signal }: Terminal): Ask {
  const token = environment.ADMIN_TOKEN?.trim() ?? "";
  if (token === "")
    throw new UsageError("ADMIN_TOKEN is not set: give the token that the server was started with");
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol))
    throw new UsageError("--server takes an address such as http://127.0.0.1:3000");
  const base = server.replace(/\/+$/, "");
  return async (method, path) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const headers = { authorization: `Bearer ${token}` };
    try {
      const response = await fetch(base + path, { method, headers, signal: limit, redirect: "error" });
      return { status: response.status, value: await readJson(response) };
    } catch (cause) {
      if (signal.aborted) throw cause;
      throw new Unreachable(`${base} cannot be asked: is the server running, and is this its address?`, {
        cause,
      });
    }
  };
}

/** Undefined where the answer is no JSON: its status says enough. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  return response.headers.get("content-type")?.startsWith("application/json") === true
    ? JSON.parse(text)
    : undefined;
}

function refusedBy(status: number, value: unknown): Unreachable {
  if (status === 401) return new Unreachable("the server does not take this ADMIN_TOKEN");
  if (status === 404) return new Unreachable("the server has no dashboard: start it with ADMIN_TOKEN");
  const said = refusalSchema.safeParse(value);
  return new Unreachable(`the server answered ${status}${said.success ? `: ${said.data.error}` : ""}`);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
}

/** Shows what a server gave up and has it tried again. */
export const jobsCommand: Command = { help: HELP, options: OPTIONS, run };
