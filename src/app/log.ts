import { type Logger, pino } from "pino";
import { prettyFactory } from "pino-pretty";
import { STRIPPED } from "../core/text/strip-secrets.ts";
import type { KnownSecrets } from "./known-secrets.ts";

const REDACTED_PATHS = [
  "authorization",
  "*.authorization",
  "headers.authorization",
  "*.headers.authorization",
  "*.*.headers.authorization",
  "privateKey",
  "*.privateKey",
  "webhookSecrets",
  "*.webhookSecrets",
  "apiKey",
  "*.apiKey",
  "token",
  "*.token",
  "payload",
  "event.payload",
  "err.event",
];

/** Where log lines go. */
export interface LogSink {
  /** Takes one or more whole lines. */
  write(text: string): unknown;
  /** True on a terminal. */
  readonly isTTY?: boolean;
}

/** What the log is to be like. */
export interface LogOptions {
  readonly level: string;
  /** `auto` is pretty on a terminal and JSON elsewhere. */
  readonly format: "auto" | "pretty" | "json";
  /** What must appear in no line, in no usual encoding. */
  readonly secrets: Pick<KnownSecrets, "strip" | "stripJsonText">;
  readonly sink: LogSink;
}

export type { Logger };

/** Makes the logger of the process: structured, and without a secret in any line. */
export function createLogger(options: LogOptions): Logger {
  const { level, secrets, sink } = options;
  const isPretty = options.format === "pretty" || (options.format === "auto" && sink.isTTY === true);
  const settings = {
    level,
    redact: { paths: REDACTED_PATHS, censor: STRIPPED },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const prettify = prettyFactory({
    colorize: sink.isTTY === true,
    translateTime: "SYS:HH:MM:ss",
    singleLine: true,
  });
  return pino(settings, {
    write(line: string) {
      // Once more after it was made readable: what was escaped for JSON may be plain now.
      const stripped = secrets.stripJsonText(line);
      sink.write(isPretty ? secrets.strip(String(prettify(stripped))) : withLineEnd(stripped));
    },
  });
}

/** A line that was taken apart to strip it has lost its end. */
function withLineEnd(line: string): string {
  return line.endsWith("\n") ? line : `${line}\n`;
}
