import { expect, test } from "@jest/globals";
import { callCommandLine } from "../build/command-line.ts";
import { expectGolden } from "../build/golden.ts";

const call = async (...args: string[]) => await callCommandLine(args, { folder: "/" });

test("help is there for everything, and reads as agreed", async () => {
  const commands = [
    "init",
    "validate",
    "run",
    "explain",
    "regrade",
    "merge",
    "draft",
    "minimise",
    "record",
    "import",
    "export",
    "jobs",
    "completion",
  ];
  const texts = [(await call("--help")).printed];
  for (const command of commands) {
    const { code, printed } = await call(command, "--help");
    expect(code).toBe(0);
    expect((await call("help", command)).printed).toBe(printed);
    texts.push(printed);
  }
  expectGolden("cli/help.txt", texts.join("\n---\n\n").replace(/ \d+\.\d+\.\d+:/, " 0.0.0:"));
});

test("the version is that of the package", async () => {
  expect(await call("--version")).toMatchObject({
    code: 0,
    printed: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test("without a command the list is told as misuse", async () => {
  expect(await call()).toMatchObject({ code: 2, printed: "", said: expect.stringContaining("Usage:") });
});

test.each([
  { name: "runn", says: "did you mean `run`?" },
  { name: "validat", says: "did you mean `validate`?" },
  { name: "frobnicate", says: "there are: init, validate, run, " },
])("the command $name is not known, and the nearest is named", async ({ name, says }) => {
  expect(await call(name)).toMatchObject({ code: 2, said: expect.stringContaining(says) });
});
