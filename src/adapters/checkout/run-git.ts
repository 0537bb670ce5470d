import { type ExecFileException, execFile } from "node:child_process";
import { ExternalFailure } from "../../ports/external-failure.ts";

const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

/** Runs git in a folder, with this text as its input where one is given, and answers what it printed. */
export function runGit(folder: string, args: readonly string[], input?: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: OUTPUT_BYTES_MAX, encoding: "buffer" as const };
    const child = execFile("git", ["-C", folder, ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(failureOf(folder, args, error, stderr.toString("utf8")));
    });
    // Git that ends before it has read everything says why on its own.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

/** Runs git and answers what it printed as text. */
export async function askGit(folder: string, args: readonly string[], input?: string): Promise<string> {
  return (await runGit(folder, args, input)).toString("utf8");
}

/** Splits what git prints with `-z`. */
export function splitNul(printed: string): readonly string[] {
  return printed.split("\0").filter((part) => part !== "");
}

function failureOf(
  folder: string,
  args: readonly string[],
  cause: ExecFileException,
  stderr: string,
): ExternalFailure {
  const said = stderr.trim().split("\n")[0] || saidByTheSystem(cause);
  const message = `git could not ${args[0]} in ${folder}: ${said}`;
  return new ExternalFailure(message, { system: "git", retryable: false, cause });
}

function saidByTheSystem({ code }: ExecFileException): string {
  return code === "ENOENT" ? "git is not installed, or the folder does not exist" : `it ended with ${code}`;
}
