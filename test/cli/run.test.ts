import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ScriptedModel, startScriptedModel } from "../../src/adapters/emulator/scripted-model.ts";
import type { Terminal } from "../../src/cli/command.ts";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { callCommandLine } from "../build/command-line.ts";
import { aDeskFixture, CARELESS_PROMPT, DESK_FILES, deskScript } from "../build/desk-agent.ts";
import { expectGolden } from "../build/golden.ts";

let model: ScriptedModel;
let checkout: TestCheckout;
beforeAll(async () => {
  model = await startScriptedModel(deskScript());
});
afterAll(async () => {
  await model.close();
});

function inCheckout(files: Readonly<Record<string, string>> = {}): TestCheckout {
  checkout?.remove();
  checkout = makeCheckout({ ...DESK_FILES, ...files });
  return checkout;
}
afterAll(() => checkout.remove());

async function run(args: readonly string[], more: Partial<Terminal> = {}) {
  const environment = { ANTHROPIC_API_KEY: "a-key", ANTHROPIC_BASE_URL: model.url };
  return await callCommandLine(["run", ...args], { folder: checkout.folder, environment, ...more });
}

/** Takes out what no two runs share: how long the model took. */
function withoutTimes(text: string): string {
  return text
    .replace(/"(latency_ms|duration_ms|start_ms)": [\d.]+/g, '"$1": 0')
    .replace(/ time="[\d.]+"/g, ' time="0.000"')
    .replaceAll(/(?<!\.)\b[0-9a-f]{7,40}\b/g, "abc1234");
}

describe("the agent as it stands", () => {
  test("holds: exit code 0, and the reports read as agreed", async () => {
    inCheckout();
    const { code, printed } = await run(["--json", "out/run.json", "--junit", "out/run.xml"]);
    expect(code).toBe(0);
    expectGolden("cli/run-held.txt", printed);
    expectGolden("cli/run-held.json", withoutTimes(checkout.read("out/run.json")));
    expectGolden("cli/run-held.xml", withoutTimes(checkout.read("out/run.xml")));
  });

  test("fails a blocking fixture: exit code 1, with expected and observed", async () => {
    inCheckout().write("agent/prompt.md", CARELESS_PROMPT);
    const { code, printed } = await run([]);
    expect(code).toBe(1);
    expectGolden("cli/run-failing.txt", printed);
  });

  test("fails a warning fixture only: exit code 0", async () => {
    inCheckout().write("agent/prompt.md", CARELESS_PROMPT);
    expect(await run(["--filter", "polite"])).toMatchObject({
      code: 0,
      printed: expect.stringContaining("✗ polite"),
    });
  });

  test("cannot be evaluated without a recording: exit code 3, with the recording that is missing", async () => {
    inCheckout({ "evals/open.yml": aDeskFixture("open", "blocking", "look it up") });
    const { code, printed } = await run([]);
    expect(code).toBe(3);
    expectGolden("cli/run-undecided.txt", printed);
  });

  test.each([
    { name: "the provider turns us away", message: "turn away", args: [] },
    { name: "the money is spent", message: "look it up", args: ["--max-cost", "0.000001"] },
  ])("cannot be evaluated where $name: exit code 3", async ({ message, args }) => {
    inCheckout({ "evals/open.yml": aDeskFixture("open", "blocking", message) });
    expect((await run(["--filter", "open", ...args])).code).toBe(3);
  });

  test("has a fixture that cannot be read: exit code 3, and the others run", async () => {
    inCheckout({ "evals/torn.yml": "id: torn\nagent: desk\nlevle: blocking\n" });
    const { code, printed } = await run([]);
    expect(code).toBe(3);
    expect(printed).toMatch(/evals\/torn\.yml cannot be read\n(.*\n)*.*levle/);
    expect(printed).toContain("✓ refund-asks-first");
  });

  test("runs from any folder of the checkout, and without a commit", async () => {
    checkout?.remove();
    checkout = makeCheckout();
    for (const [path, text] of Object.entries(DESK_FILES)) checkout.write(path, text);
    const { code, printed } = await run([], { folder: `${checkout.folder}/agent` });
    expect(code).toBe(0);
    expect(printed).toContain("2 held");
  });
});

describe("what is run", () => {
  test("a filter runs what it names: an id alone, or a part of ids and paths, a tag, an incident", async () => {
    inCheckout({
      "evals/other/polite-too.yml": aDeskFixture("polite-too"),
      "evals/other/inc.yml": aDeskFixture("case").replace("level:", "incident: INC-7\nlevel:"),
    });
    const said = async (...names: string[]) => {
      const { printed } = await run(["--dry-run", ...names.flatMap((name) => ["--filter", name])]);
      return [...printed.matchAll(/^ {2}(\S+) \(/gm)].map(([, id]) => id).sort();
    };
    expect(await said("polite")).toEqual(["polite"]);
    expect(await said("polit")).toEqual(["polite", "polite-too"]);
    expect(await said("evals/other/")).toEqual(["case", "polite-too"]);
    expect(await said("inc-7", "refund-asks-first")).toEqual(["case", "refund-asks-first"]);
    expect((await said("MONEY")).length).toBe(4);
  });

  test("--trials decides how often, and a dry run asks nobody", async () => {
    inCheckout();
    const before = model.requests().length;
    const { code, printed } = await run(["--dry-run", "--trials", "7"], { environment: {} });
    expect([code, model.requests().length - before]).toEqual([0, 0]);
    expectGolden("cli/run-dry.txt", printed);
    await run(["--trials", "3", "--filter", "polite"]);
    expect(model.requests().length - before).toBe(3);
  });

  test("progress goes to the watchers, on one line where they sit at a terminal", async () => {
    inCheckout();
    expect((await run([])).said).toMatch(/^About \$.*\n$/);
    const { said } = await run([], { isInteractive: true });
    expect(said).toContain("\r\u001b[K0 of 2 fixtures done · 1 trial (1 from the cache) · $0");
    expect(said.endsWith("\r\u001b[K")).toBe(true);
    expect((await run([])).printed).not.toContain("\u001b");
    expect((await run([], { colours: true })).printed).toContain("\u001b[32m");
  });
});

describe("against a baseline", () => {
  test("nothing in scope is said in words, and is no failure", async () => {
    inCheckout().write("README.md", "Hello.\n");
    const { code, printed } = await run(["--changed", "main"], { environment: {} });
    expect(code).toBe(0);
    expectGolden("cli/run-changed-nothing.txt", withoutTimes(printed));
  });

  test("a prompt that loses its care regresses: exit code 1", async () => {
    inCheckout().write("agent/prompt.md", CARELESS_PROMPT);
    const { code, printed } = await run(["--changed", "main"]);
    expect(code).toBe(1);
    expectGolden("cli/run-changed-regressed.txt", withoutTimes(printed));
  });

  test("a fixture that is removed with the care runs in its base version", async () => {
    inCheckout().git("checkout", "--quiet", "-b", "shorter-prompt");
    checkout.write("agent/prompt.md", CARELESS_PROMPT);
    checkout.git("rm", "--quiet", "evals/golden/refund-asks-first.yml");
    checkout.commit();
    const { code, printed } = await run(["--changed", "main", "--filter", "refund-asks-first"]);
    expect(code).toBe(1);
    expect(printed).toContain("this pull request removes it");
  });

  test("a new fixture that fails on both sides reproduces its incident and blocks nothing", async () => {
    inCheckout({ "agent/prompt.md": CARELESS_PROMPT, "evals/golden/refund-asks-first.yml": "" });
    checkout.write("evals/new.yml", aDeskFixture("new"));
    const { code, printed } = await run(["--changed", "HEAD", "--filter", "new"]);
    expect(printed).toMatch(/new +blocking +reproduces/);
    expect(code).toBe(0);
  });
});

describe("a call that is meant otherwise", () => {
  beforeAll(() => void inCheckout());
  test.each([
    { args: ["--filter", "polte"], says: "the nearest are polite, refund-asks-first" },
    { args: ["--filter", "polite", "--filter", "nowhere"], says: 'no fixture fits --filter "nowhere"' },
    { args: ["--filter", ""], says: "--filter takes a text" },
    { args: ["--trials", "0"], says: '--trials takes a whole number from 1 to 100, got "0"' },
    { args: ["--trials", "1e3"], says: 'got "1e3"' },
    { args: ["--max-cost", "free"], says: "--max-cost takes an amount in USD above 0" },
    { args: ["--changed", "nowhere"], says: "--changed takes a branch, tag or commit" },
    { args: ["--fliter", "x"], says: "Unknown option --fliter. Did you mean --filter?" },
    { args: ["--watch", "--shard", "1/2"], says: "give one of them" },
    ...["0/2", "3/2", "1", "1/2/3", "a/b", "1/9999"].map((shard) => ({
      args: ["--shard", shard],
      says: "--shard takes a part of a whole",
    })),
    { args: ["evals/polite.yml"], says: 'run takes options only, got "evals/polite.yml"' },
    { args: ["--json", "agent/prompt.md/x.json"], says: "cannot write" },
  ])("$args is misuse", async ({ args, says }) => {
    const { code, said } = await run(args);
    expect(code).toBe(2);
    expect(said).toContain(says);
  });
});

describe("what cannot be run", () => {
  test("no fixture at all is no success", async () => {
    inCheckout({ "evals/golden/refund-asks-first.yml": "", "evals/golden/polite.yml": "" });
    expect(await run([])).toMatchObject({
      code: 2,
      said: expect.stringContaining("there is no fixture under evals/"),
    });
  });

  test("without a key the suite cannot be evaluated", async () => {
    inCheckout();
    const { code, said } = await run([], { environment: { ANTHROPIC_API_KEY: "" } });
    expect(code).toBe(3);
    expect(said).toContain("ANTHROPIC_API_KEY is not set");
  });

  test("a variable that cannot be used is named, and no key is shown", async () => {
    inCheckout();
    const environment = {
      ANTHROPIC_API_KEY: "a-key",
      ANTHROPIC_BASE_URL: "nowhere",
      MODEL_CONCURRENCY: "many",
    };
    const { code, said } = await run([], { environment });
    expect(code).toBe(2);
    expect(said).toMatch(/ANTHROPIC_BASE_URL(.*\n)+.*MODEL_CONCURRENCY/);
    expect(said).not.toContain("a-key");
  });

  test("an agent that cannot be built is told with all its problems before anything is spent", async () => {
    inCheckout({ "agent/tools.json": "[{", "agent/prompt.md": "" });
    checkout.git("rm", "--quiet", "agent/prompt.md");
    const { code, printed } = await run([]);
    expect(code).toBe(2);
    expect(printed).toMatch(/agent desk: .*prompt\.md(.*\n)+agent desk: .*tools\.json/);
  });

  test("a fixture for an agent that nobody configured is told", async () => {
    inCheckout({ "evals/golden/polite.yml": aDeskFixture("polite").replace("agent: desk", "agent: till") });
    const { code, printed } = await run([]);
    expect(code).toBe(2);
    expect(printed).toContain("evals/golden/polite.yml: agent: expected an agent of the configuration");
  });

  test("a folder that is no checkout is misuse", async () => {
    inCheckout();
    expect(await run([], { folder: "/" })).toMatchObject({
      code: 2,
      said: expect.stringContaining("git checkout"),
    });
  });

  test("somebody who stops the run gets no verdict: exit code 130", async () => {
    inCheckout({ "evals/slow.yml": aDeskFixture("slow", "blocking", "take your time") });
    const stopper = new AbortController();
    const before = model.requests().length;
    const running = run(["--filter", "slow"], { signal: stopper.signal });
    while (model.requests().length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    stopper.abort(new Error("stopped"));
    const { code, printed, said } = await running;
    expect([code, printed]).toEqual([130, ""]);
    expect(said).toMatch(/incident-to-eval: stopped\n$/);
  });
});

describe("an agent that a command runs", () => {
  const SPANS = [{ name: "model:m", usage: { input_tokens: 1, output_tokens: 1 } }];
  const files = {
    ".github/incident-to-eval.yml": `version: 1\nagents: { desk: { target: command, command: [${JSON.stringify(process.execPath)}, agent.cjs], changes: { prompt: [agent.cjs] } } }\n`,
    "agent.cjs": `process.stdin.on("data", (d) => { const { version, commit } = JSON.parse(d); console.log(JSON.stringify({ version, commit, output: "Good day.", spans: ${JSON.stringify(SPANS)} })); });`,
    "evals/golden/refund-asks-first.yml": "",
    "evals/golden/polite.yml":
      "id: polite\nlevel: blocking\nagent: desk\ninput: { messages: [{ role: user, content: Hello }] }\nexpect: { output: { must_contain: [Good day] } }\n",
  };

  test("needs no key, and holds or fails as any other", async () => {
    inCheckout(files);
    expect((await run([], { environment: { PATH: process.env.PATH } })).code).toBe(0);
    checkout.write("agent.cjs", files["agent.cjs"].replace("Good day", "Go away"));
    expect((await run([], { environment: { PATH: process.env.PATH } })).code).toBe(1);
  });

  test("cannot be tried as it was at the base, and says so beside what it does now", async () => {
    inCheckout(files);
    checkout.write("agent.cjs", files["agent.cjs"].replace("Good day", "Go away"));
    const { code, printed } = await run(["--changed", "HEAD"], { environment: { PATH: process.env.PATH } });
    expect(code).toBe(1);
    expect(printed).toContain("polite");
  });
});
