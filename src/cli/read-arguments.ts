import { type ParseArgsConfig, parseArgs, types } from "node:util";
import { nearestWord } from "../core/text/nearest-word.ts";
import { UsageError } from "./command.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

const VALUE_LENGTH_MAX = 40;
const SHARDS_MAX = 1_000;
const OPTION = /'--?([^\s'<]+)/;

/** Reads the arguments of a command strictly; an unknown option is told with the nearest one and the way to the help. */
export function readArguments<O extends Options>(command: string, args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!isMisuse(error)) throw error;
    throw new UsageError(`${said(error, Object.keys(options))} Run \`incident-to-eval ${command} --help\`.`);
  }
}

/** Takes the one file that a command is given. */
export function oneFile(command: string, files: readonly string[]): string {
  const [file, ...others] = files;
  if (file !== undefined && others.length === 0) return file;
  const got = file === undefined ? "none" : `${files.length}: ${shown(files.join(" "))}`;
  throw new UsageError(`${command} takes one file, got ${got}. Run \`incident-to-eval ${command} --help\`.`);
}

/** Refuses arguments that a command has no use for. */
export function noFiles(command: string, files: readonly string[]): void {
  const [file] = files;
  if (file === undefined) return;
  throw new UsageError(
    `${command} takes options only, got ${shown(file)}. Run \`incident-to-eval ${command} --help\`.`,
  );
}

/** Reads a whole number of at least one, or undefined where the option was not given. */
export function readCount(name: string, value: string | undefined, max: number): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (/^\d{1,15}$/.test(value) && count >= 1 && count <= max) return count;
  throw new UsageError(`--${name} takes a whole number from 1 to ${max}, got ${shown(value)}`);
}

/** Reads an amount of money above nothing, or undefined where the option was not given. */
export function readUsd(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{0,9}(\.\d{1,9})?$/.test(value) && Number(value) > 0) return Number(value);
  throw new UsageError(`--${name} takes an amount in USD above 0, such as 2.50, got ${shown(value)}`);
}

/** Reads which part of how many is wanted, such as `2/4`, or undefined where the option was not given. */
export function readShard(
  value: string | undefined,
): { readonly index: number; readonly count: number } | undefined {
  if (value === undefined) return undefined;
  const [, index, count] = (/^(\d{1,4})\/(\d{1,4})$/.exec(value) ?? []).map(Number);
  if (index !== undefined && count !== undefined && index >= 1 && index <= count && count <= SHARDS_MAX) {
    return { index, count };
  }
  throw new UsageError(
    `--shard takes a part of a whole, such as 1/4 to 4/4 and at most ${SHARDS_MAX} parts, got ${shown(value)}`,
  );
}

function shown(value: string): string {
  return value.length > VALUE_LENGTH_MAX
    ? `${JSON.stringify(value.slice(0, VALUE_LENGTH_MAX))}…`
    : JSON.stringify(value);
}

function isMisuse(error: unknown): error is Error {
  const code = types.isNativeError(error) && "code" in error ? error.code : undefined;
  return typeof code === "string" && code.startsWith("ERR_PARSE_ARGS_");
}

function said({ message }: Error, names: readonly string[]): string {
  const whole = `${message.replace(/\s+/g, " ").replace(/\.$/, "")}.`;
  if (!message.startsWith("Unknown option")) return whole;
  const name = OPTION.exec(message)?.[1] ?? "";
  const near = nearestWord(name, names);
  const hint = near === undefined ? "" : ` Did you mean --${near}?`;
  return `Unknown option --${name.slice(0, VALUE_LENGTH_MAX)}.${hint}`;
}
