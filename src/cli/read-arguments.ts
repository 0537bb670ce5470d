import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./command.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Reads the arguments of a command strictly; an unknown option is told with the way to the help. */
export function readArguments<O extends Options>(command: string, args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message.split(". ")[0]}. Run \`incident-to-eval ${command} --help\`.`);
  }
}

/** Reads a whole number of at least one, or undefined where the option was not given. */
export function readCount(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new UsageError(`--${name} takes a whole number of at least 1, got ${value.slice(0, 40)}`);
}
