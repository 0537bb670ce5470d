import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { callCommandLine } from "../build/command-line.ts";

const complete = async (...args: string[]) => await callCommandLine(["completion", ...args], { folder: "/" });

/** Asks bash what it offers for a line with this script. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { printed } = await complete("bash");
  const ask = `COMP_WORDS=(incident-to-eval ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _incident_to_eval; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["--norc", "-c", `${printed}\n${ask}`], { encoding: "utf8" })
    .split("\n")
    .filter((word) => word !== "");
}

test("bash completes commands and the options of each", async () => {
  expect(await offered("reg")).toEqual(["regrade"]);
  expect(await offered("run", "--on")).toEqual(["--only-failed"]);
  expect(await offered("merge", "--j")).toEqual(["--json", "--junit"]);
  expect(await offered("help", "val")).toEqual(["validate"]);
  expect(await offered("frobnicate", "--")).toEqual([]);
});

test("every shell is offered every command", async () => {
  const commands = ["init", "validate", "run", "regrade", "merge", "draft", "import", "jobs", "completion"];
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, printed } = await complete(shell);
    expect(code).toBe(0);
    for (const command of commands) expect(printed).toContain(command);
  }
});

test.each([
  { args: ["bsh"], says: "Did you mean bash?" },
  { args: [], says: "completion takes bash, zsh or fish" },
  { args: ["bash", "zsh"], says: "takes options only" },
])("completion $args is misuse", async ({ args, says }) => {
  expect(await complete(...args)).toMatchObject({ code: 2, said: expect.stringContaining(says) });
});

test("what is completed is what the help explains, to the last option", async () => {
  for (const command of await offered("")) {
    if (command.startsWith("-")) continue;
    const explained = (await callCommandLine([command, "--help"], { folder: "/" })).printed;
    const named = [...explained.matchAll(/^ {2}(--[a-z][a-z-]*)/gm)].map(([, name]) => name);
    expect([command, [...(await offered(command, "--"))].sort()]).toEqual([
      command,
      [...named, "--help"].sort(),
    ]);
  }
});
