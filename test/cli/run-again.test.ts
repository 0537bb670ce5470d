import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type ScriptedModel, startScriptedModel } from "../../src/adapters/emulator/scripted-model.ts";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { callCommandLine } from "../build/command-line.ts";
import { aDeskFixture, CARELESS_PROMPT, DESK_FILES, deskScript } from "../build/desk-agent.ts";

let model: ScriptedModel;
let checkout: TestCheckout;
let asked = 0;
beforeAll(async () => {
  model = await startScriptedModel(deskScript());
});
afterAll(async () => {
  await model.close();
});
beforeEach(() => {
  checkout = makeCheckout(DESK_FILES);
  asked = model.requests().length;
});
afterEach(() => checkout.remove());

async function call(command: string, ...args: readonly string[]) {
  const environment = { ANTHROPIC_API_KEY: "a-key", ANTHROPIC_BASE_URL: model.url };
  return await callCommandLine([command, ...args], { folder: checkout.folder, environment });
}

/** Counts what the model was asked since it was counted last. */
function requests(): number {
  const before = asked;
  asked = model.requests().length;
  return asked - before;
}

describe("the cache", () => {
  test("asks nobody twice, says so, and costs nothing", async () => {
    await call("run");
    expect(requests()).toBe(4);
    const again = await call("run");
    expect([again.code, requests()]).toEqual([0, 0]);
    expect(again.printed).toContain("2 held · 4 trials (4 from the cache) · $0 ·");
  });

  test("runs what changed and nothing else", async () => {
    await call("run");
    requests();
    checkout.write("evals/golden/polite.yml", aDeskFixture("polite", "warning", "Refund ord_2."));
    expect([(await call("run")).code, requests()]).toEqual([0, 2]);
    checkout.write("agent/prompt.md", CARELESS_PROMPT);
    expect([(await call("run")).code, requests()]).toEqual([1, 2]);
  });

  test("is left alone with --no-cache, and by git", async () => {
    await call("run");
    requests();
    await call("run", "--no-cache");
    expect(requests()).toBe(4);
    expect(checkout.git("status", "--porcelain")).toBe("");
  });

  test.each(["run", "regrade"])(
    "that came with the repository is not believed: %s ends with 2, as whoever wrote it could pass any agent",
    async (command) => {
      await call("run");
      requests();
      checkout.git("add", "--force", ".incident-to-eval");
      checkout.commit();
      const refused = await call(command);
      expect([refused.code, requests()]).toEqual([2, 0]);
      expect(refused.said).toContain("git rm -r --cached .incident-to-eval");
    },
  );

  test("that somebody broke is no cache", async () => {
    await call("run");
    requests();
    const folder = join(checkout.folder, ".incident-to-eval/trials");
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), "utf8");
      writeFileSync(join(folder, name), text.replaceAll("colleague", "robot"));
    }
    writeFileSync(join(checkout.folder, ".incident-to-eval/last-run.json"), '{"version":1,"fixtures":[]}');
    expect([(await call("run")).code, requests()]).toEqual([0, 4]);
  });
});

describe("--only-failed", () => {
  test("runs what did not pass when it ran last, until nothing is left", async () => {
    checkout.write(
      "evals/golden/polite.yml",
      aDeskFixture("polite", "warning").replace("[colleague]", "[robot]"),
    );
    await call("run");
    expect((await call("run", "--only-failed", "--dry-run")).printed).toMatch(
      /What runs\n {2}polite \(warning\)/,
    );
    checkout.write("evals/golden/polite.yml", aDeskFixture("polite", "warning"));
    expect((await call("run", "--only-failed")).printed).toMatch(/1 held · .*\n/);
    const { code, printed } = await call("run", "--only-failed");
    expect([code, printed]).toEqual([0, "Nothing to run: none of these fixtures failed when it ran last.\n"]);
  });

  test("without a run before is misuse", async () => {
    expect(await call("run", "--only-failed")).toMatchObject({
      code: 2,
      said: expect.stringContaining("there was none here"),
    });
  });
});

describe("--estimate", () => {
  test("says what a run would cost, by the last one where there was one, and asks nobody", async () => {
    const before = await call("run", "--estimate");
    expect([before.code, requests()]).toEqual([0, 0]);
    expect(before.printed).toMatch(
      /^About \$0\.\d+, at most \$5\.00, where the run ends, for at most 4 trials \(by the length of the texts\)\.\n$/,
    );
    await call("run");
    expect((await call("run", "--estimate", "--max-cost", "1")).printed).toMatch(
      /^About \$0\.00\d+, at most \$1\.00, where the run ends, for at most 4 trials \(by the last run for 2 of 2 fixtures\)\.\n$/,
    );
  });
});

describe("regrade", () => {
  test("grades what was done with the fixtures of today, and runs no agent", async () => {
    await call("run");
    requests();
    checkout.write("agent/prompt.md", CARELESS_PROMPT);
    const same = await call("regrade");
    expect([same.code, requests()]).toEqual([0, 0]);
    checkout.write(
      "evals/golden/refund-asks-first.yml",
      aDeskFixture("refund-asks-first").replace("[colleague]", "[robot]"),
    );
    const { code, printed } = await call("regrade", "--json", "out.json");
    expect([code, requests()]).toEqual([1, 0]);
    expect(printed).toMatch(/refund-asks-first +blocking +regressed/);
    expect(JSON.parse(checkout.read("out.json")).totals.cached_trials).toBeGreaterThan(0);
  });

  test("leaves open what needs more trials than there are, and what another case would be", async () => {
    checkout.write("agent/prompt.md", CARELESS_PROMPT);
    await call("run");
    const { code, printed } = await call("regrade");
    expect([code, printed]).toEqual([1, expect.stringContaining("regressed")]);
    const lenient = aDeskFixture("refund-asks-first")
      .replace("[refunded]", "[never]")
      .replace("[colleague]", "[refunded]");
    checkout.write("evals/golden/refund-asks-first.yml", lenient);
    checkout.write("evals/golden/polite.yml", aDeskFixture("polite", "warning", "Another message."));
    const open = await call("regrade");
    expect(open.code).toBe(3);
    expect(open.printed).toContain("no trajectory of trial 2 is kept");
    expect(open.printed).toContain("no trajectory of trial 1 is kept");
  });

  test("without a run before is misuse", async () => {
    expect(await call("regrade")).toMatchObject({
      code: 2,
      said: expect.stringContaining("no run is kept here"),
    });
  });
});

describe("shards", () => {
  beforeEach(() => {
    for (const id of ["a", "b", "c"]) checkout.write(`evals/${id}.yml`, aDeskFixture(id));
  });

  test("run every fixture once, and merge into what one run says", async () => {
    const whole = await call("run", "--json", "whole.json");
    for (const part of [1, 2, 3]) {
      expect((await call("run", "--shard", `${part}/3`, "--json", `out/${part}.json`)).code).toBe(0);
    }
    const merged = await call("merge", "out/3.json", "out/1.json", "out/2.json", "--json", "merged.json");
    expect(merged.code).toBe(0);
    const ids = (path: string): string[] =>
      JSON.parse(checkout.read(path))
        .fixtures.map(({ id }: { id: string }) => id)
        .sort();
    expect(ids("merged.json")).toEqual(ids("whole.json"));
    const verdicts = (text: string) => text.match(/^ {2}✓ .*$/gm)?.sort();
    expect(verdicts(merged.printed)).toEqual(verdicts(whole.printed));
    expect(merged.printed).not.toContain("left out");
  });

  test("that fail block the whole", async () => {
    checkout.write("evals/a.yml", aDeskFixture("a").replace("[colleague]", "[robot]"));
    for (const part of [1, 2]) await call("run", "--shard", `${part}/2`, "--json", `${part}.json`);
    const merged = await call("merge", "1.json", "2.json", "--junit", "out.xml", "--html", "out.html");
    expect(merged.code).toBe(1);
    expect(checkout.read("out.xml")).toMatch(/tests="5" failures="1"/);
    expect(checkout.read("out.html")).toContain("expect.output.must_contain[0]");
  });

  test("that are missing are no success: exit code 3, and the reports say so", async () => {
    await call("run", "--shard", "1/2", "--json", "1.json");
    const merged = await call("merge", "1.json", "--junit", "out.xml", "--json", "out.json");
    expect(merged.code).toBe(3);
    expect(merged.printed).toContain("shard 2 is missing");
    expect(checkout.read("out.xml")).toMatch(/errors="1"/);
    expect(JSON.parse(checkout.read("out.json"))).toMatchObject({
      missing_shards: [2],
      decision: { exit_code: 3 },
    });
  });

  test("more of them than there are fixtures have nothing to do, which is no failure", async () => {
    expect((await call("run", "--shard", "9/9", "--json", "9.json")).code).toBe(0);
    expect(JSON.parse(checkout.read("9.json")).fixtures).toEqual([]);
  });

  test("that do not belong together are refused, each with what is wrong", async () => {
    await call("run", "--shard", "1/2", "--json", "1.json");
    await call("run", "--json", "whole.json");
    checkout.write("agent/prompt.md", CARELESS_PROMPT);
    await call("run", "--shard", "2/2", "--json", "other.json");
    const refused = async (...files: string[]) => {
      const { code, printed } = await call("merge", ...files);
      expect(code).toBe(2);
      return printed;
    };
    expect(await refused("1.json", "1.json")).toContain(
      "expected each shard once, got shard 1, as in 1.json",
    );
    expect(await refused("1.json", "other.json")).toContain(
      "other.json: expected a shard of the suite of 1.json",
    );
    expect(await refused("whole.json")).toContain("expected the result of a shard");
    expect(await refused("agent/tools.json")).toContain("agent/tools.json: the file: expected");
    expect((await call("merge", "nowhere.json")).said).toContain("cannot read nowhere.json");
    expect((await call("merge")).said).toContain("merge takes 1 to 1000 results");
  });
});
