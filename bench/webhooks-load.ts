import { createHmac, randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { pullRequestEvent } from "./webhooks-payload.ts";

/**
 * Sends signed deliveries as a process of its own and prints what came of them as JSON.
 *
 * It speaks HTTP over plain sockets, because a client library would take more of the machine than the servers
 * that are measured. In an open loop the latency counts from when a delivery was due, so a server that falls
 * behind does not slow down what measures it.
 */
export interface Load {
  readonly url: string;
  readonly secret: string;
  /** Deliveries a second; without it each of the connections sends the next one when the last is answered. */
  readonly perSecond?: number;
  readonly connections: number;
  readonly seconds?: number;
  /** Ends the load instead of the time. */
  readonly deliveries?: number;
  /** All deliveries are about this pull request. */
  readonly pullRequest?: number;
}

/** What came of a load. */
export interface Outcome {
  readonly answered: number;
  readonly refused: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const BODIES = 400;
const CONNECTIONS_MAX = 400;
const STATUS = /^HTTP\/1\.1 (\d{3})/;
const LENGTH = /\r\ncontent-length: (\d+)/i;
const END_OF_HEAD = "\r\n\r\n";

const load: Load = JSON.parse(process.argv[2] ?? "{}");
const target = new URL(load.url);
const bodies = Array.from({ length: BODIES }, (_, index) => aBody(index));
const latenciesMs: number[] = [];
let answered = 0;
let refused = 0;

function aBody(index: number): { readonly bytes: Buffer; readonly signature: string } {
  const bytes = Buffer.from(JSON.stringify(pullRequestEvent(index, load.pullRequest)));
  return { bytes, signature: createHmac("sha256", load.secret).update(bytes).digest("hex") };
}

function aRequest(index: number): readonly [string, Buffer] {
  const body = bodies[index % BODIES];
  if (body === undefined) throw new Error("there are no bodies");
  const head =
    `POST ${target.pathname} HTTP/1.1\r\nhost: ${target.host}\r\ncontent-type: application/json\r\n` +
    `content-length: ${body.bytes.byteLength}\r\nx-github-event: pull_request\r\n` +
    `x-github-delivery: ${randomUUID()}\r\nx-hub-signature-256: sha256=${body.signature}${END_OF_HEAD}`;
  return [head, body.bytes];
}

/** A connection that sends one delivery at a time. */
class Connection {
  readonly #socket: Socket;
  #heard = "";
  #isOpen = true;
  #onAnswer: ((status: number) => void) | undefined;

  constructor() {
    this.#socket = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (text: string) => this.#hear(text));
    this.#socket.on("error", () => this.#answer(0));
    this.#socket.on("close", () => {
      this.#isOpen = false;
      this.#answer(0);
    });
  }

  /** False once the server has closed it, as servers do with connections that rest. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(index: number): Promise<number> {
    return new Promise((resolve) => {
      this.#onAnswer = resolve;
      const [head, bytes] = aRequest(index);
      this.#socket.cork();
      this.#socket.write(head);
      this.#socket.write(bytes);
      this.#socket.uncork();
    });
  }

  end(): void {
    this.#socket.destroy();
  }

  #hear(text: string): void {
    this.#heard += text;
    const end = this.#heard.indexOf(END_OF_HEAD);
    if (end === -1) return;
    const length = Number(LENGTH.exec(this.#heard)?.[1] ?? 0);
    if (this.#heard.length < end + END_OF_HEAD.length + length) return;
    const status = Number(STATUS.exec(this.#heard)?.[1] ?? 0);
    this.#heard = "";
    this.#answer(status);
  }

  #answer(status: number): void {
    const onAnswer = this.#onAnswer;
    this.#onAnswer = undefined;
    onAnswer?.(status);
  }
}

function note(status: number, sinceMs: number): void {
  if (status >= 200 && status < 300) answered += 1;
  else refused += 1;
  latenciesMs.push(performance.now() - sinceMs);
}

async function closedLoop(): Promise<void> {
  const endMs = performance.now() + 1_000 * (load.seconds ?? Number.POSITIVE_INFINITY);
  const countMax = load.deliveries ?? Number.POSITIVE_INFINITY;
  let next = 0;
  const one = async (): Promise<void> => {
    const connection = new Connection();
    while (performance.now() < endMs && next < countMax) {
      const startMs = performance.now();
      note(await connection.send(next++), startMs);
    }
    connection.end();
  };
  await Promise.all(Array.from({ length: load.connections }, one));
}

async function openLoop(perSecond: number): Promise<void> {
  const count = load.deliveries ?? Math.round(perSecond * (load.seconds ?? 1));
  const free = Array.from({ length: load.connections }, () => new Connection());
  const all = new Set(free);
  const due: { readonly index: number; readonly dueMs: number }[] = [];
  const startMs = performance.now();
  await new Promise<void>((resolve) => {
    let scheduled = 0;
    let done = 0;
    const pump = (): void => {
      while (due.length > 0) {
        const connection = rested() ?? another();
        if (connection === undefined) return;
        const next = due.shift();
        if (next === undefined) return;
        void connection.send(next.index).then((status) => {
          note(status, next.dueMs);
          free.push(connection);
          done += 1;
          if (done === count) {
            clearInterval(timer);
            resolve();
          } else pump();
        });
      }
    };
    const rested = (): Connection | undefined => {
      for (let connection = free.pop(); connection !== undefined; connection = free.pop()) {
        if (connection.isOpen) return connection;
        all.delete(connection);
      }
      return undefined;
    };
    const another = (): Connection | undefined => {
      if (all.size >= CONNECTIONS_MAX) return undefined;
      const connection = new Connection();
      all.add(connection);
      return connection;
    };
    const timer = setInterval(() => {
      const elapsedMs = performance.now() - startMs;
      while (scheduled < count && (scheduled * 1_000) / perSecond <= elapsedMs) {
        due.push({ index: scheduled, dueMs: startMs + (scheduled * 1_000) / perSecond });
        scheduled += 1;
      }
      pump();
    }, 1);
  });
  for (const connection of all) connection.end();
}

const startMs = performance.now();
await (load.perSecond === undefined ? closedLoop() : openLoop(load.perSecond));
const seconds = (performance.now() - startMs) / 1_000;
latenciesMs.sort((one, other) => one - other);
const quantile = (share: number) => latenciesMs[Math.floor(share * (latenciesMs.length - 1))] ?? 0;
const outcome: Outcome = {
  answered,
  refused,
  perSecond: answered / seconds,
  p50Ms: quantile(0.5),
  p99Ms: quantile(0.99),
  maxMs: quantile(1),
};
process.stdout.write(`${JSON.stringify(outcome)}\n`);
