import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { callCommandLine } from "../build/command-line.ts";
import { expectGolden } from "../build/golden.ts";

let checkout: TestCheckout;
beforeEach(() => {
  checkout = makeCheckout();
});
afterEach(() => checkout.remove());

async function call(...args: string[]) {
  return await callCommandLine(args, { folder: checkout.folder });
}

test("the first time everything is written, the second time everything is kept", async () => {
  const first = await call("init");
  checkout.write(".github/incident-to-eval.yml", "# mine\n");
  const second = await call("init", "--agent", "other");
  expect([first.code, second.code]).toEqual([0, 0]);
  expectGolden("cli/init.txt", `${first.printed}\n${second.printed}`);
  expect(checkout.read(".github/incident-to-eval.yml")).toBe("# mine\n");
});

test("what was written can be used as soon as the agent's files are there", async () => {
  await call("init", "--agent", "desk", "--system", "it's $& my/prompt.md", "--tools", "tools.json");
  checkout.write("it's $& my/prompt.md", "Be kind.\n");
  checkout.write("tools.json", "[]\n");
  expect(await call("validate")).toMatchObject({ code: 0, printed: "valid: 1 agent, 0 fixtures\n" });
});

test("a name that cannot be used is refused, and nothing is written", async () => {
  expect(await call("init", "--agent", "my agent")).toMatchObject({ code: 2 });
  expect(checkout.has(".github")).toBe(false);
});
