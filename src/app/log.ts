import { type Logger, pino } from "pino";
import { prettyFactory } from "pino-pretty";

/** Shorter secrets are too likely to be parts of ordinary words. */
const SECRET_LENGTH_MIN = 6;
/** A line of a PEM body is a secret of its own: a log may show the key line by line. */
const PEM_LINE_LENGTH_MIN = 32;
const STRIPPED = "[secret]";

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
  /** Values that must appear in no line, in no usual encoding. */
  readonly secrets: readonly string[];
  readonly sink: LogSink;
}

export type { Logger };

/** Makes the logger of the process: structured, and without a secret in any line. */
export function createLogger(options: LogOptions): Logger {
  const { level, secrets, sink } = options;
  const strip = secretStripper(secrets);
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
      sink.write(strip(isPretty ? String(prettify(line)) : line));
    },
  });
}

/** Makes a function that takes every one of the secrets, plain or encoded, out of a text. */
function secretStripper(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= SECRET_LENGTH_MIN));
  // The longest first: a part that is replaced before the whole would leave the rest of it standing.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((rest, form) => rest.replaceAll(form, STRIPPED), text);
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  const pemLines = secret.includes("-----BEGIN")
    ? secret.split(/\r?\n/).filter((line) => line.length >= PEM_LINE_LENGTH_MIN)
    : [];
  const base64 = bytes.toString("base64");
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    base64,
    // Inside a longer base64 text the padding is not there.
    base64.replace(/=+$/, ""),
    bytes.toString("base64url"),
    ...pemLines.filter((line) => !line.startsWith("-----")),
  ];
}
