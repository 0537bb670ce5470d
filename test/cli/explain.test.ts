import { afterEach, expect, test } from "@jest/globals";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { callCommandLine } from "../build/command-line.ts";
import { aDeskFixture, CARELESS_PROMPT, DESK_FILES } from "../build/desk-agent.ts";
import { expectGolden } from "../build/golden.ts";

let checkout: TestCheckout;
afterEach(() => checkout.remove());

const ONLY_TOOLS = aDeskFixture("only-tools").replace("agent: desk", "agent: desk\ngates: [tools]");

function aChangedCheckout(): TestCheckout {
  checkout = makeCheckout({
    ...DESK_FILES,
    "evals/golden/refund-asks-first.yml": aDeskFixture("refund-asks-first").replace(
      "agent: desk",
      'agent: desk\ngates: [prompt]\nowner: "@acme/desk"\nreview_by: 2026-05-01',
    ),
    "evals/golden/only-tools.yml": ONLY_TOOLS,
  });
  checkout.write("agent/prompt.md", CARELESS_PROMPT);
  checkout.write("evals/golden/broken.yml", "id: broken\nagent: desk\nexpect: 3\n");
  return checkout;
}

/** Takes out the commit, which no two checkouts share. */
const withoutShas = (text: string): string => text.replaceAll(/\b[0-9a-f]{7}\b/g, "abc1234");

async function explain(...args: readonly string[]) {
  const { folder } = checkout;
  const { code, printed, said } = await callCommandLine(["explain", ...args], { folder });
  return { code, printed: withoutShas(printed), said };
}

test("what changed, what it can affect, what protects it and what does not run reads as agreed, without a key", async () => {
  aChangedCheckout();
  const { code, printed } = await explain("--changed", "HEAD");
  expect(code).toBe(0);
  expectGolden("cli/explain.txt", printed);
});

test.each([
  { name: "refund-asks-first", golden: "cli/explain-runs.txt" },
  { name: "only-tools", golden: "cli/explain-left-out.txt" },
  { name: "broken", golden: "cli/explain-unreadable.txt" },
])("one fixture reads as agreed: $name", async ({ name, golden }) => {
  aChangedCheckout();
  const { code, printed } = await explain(name, "--changed", "HEAD");
  expect(code).toBe(0);
  expectGolden(golden, printed);
});

test.each([
  { args: ["only-tolls"], said: /There is no fixture only-tolls; did you mean only-tools\?/ },
  { args: ["a", "b"], said: /one fixture at a time/ },
  { args: ["--changed", "nowhere"], said: /--changed takes a branch/ },
])("$args: is said to be misused", async ({ args, said }) => {
  aChangedCheckout();
  expect(await explain(...args)).toMatchObject({ code: 2, said: expect.stringMatching(said) });
});
