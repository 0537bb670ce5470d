import { knownSecrets } from "../../src/app/known-secrets.ts";
import { createLogger, type Logger } from "../../src/app/log.ts";

/** A logger whose lines a test can read. */
export interface ReadableLog {
  readonly log: Logger;
  /** All that was logged, as one text. */
  text(): string;
  /** The lines as values. */
  lines(): readonly Readonly<Record<string, unknown>>[];
}

/** Makes a logger of all levels that keeps its lines. */
export function aReadableLog(secrets: readonly string[] = []): ReadableLog {
  const kept: string[] = [];
  const log = createLogger({
    level: "trace",
    format: "json",
    secrets: knownSecrets(secrets),
    sink: { write: (text) => kept.push(text) },
  });
  const text = () => kept.join("");
  return {
    log,
    text,
    lines: () =>
      text()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
  };
}
