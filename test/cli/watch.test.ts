import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type ScriptedModel, startScriptedModel } from "../../src/adapters/emulator/scripted-model.ts";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { type Called, callCommandLine } from "../build/command-line.ts";
import { aDeskFixture, CARELESS_PROMPT, DESK_FILES, deskScript } from "../build/desk-agent.ts";
import { until } from "../build/until.ts";

let model: ScriptedModel;
let checkout: TestCheckout;
let watching: Watching;
beforeAll(async () => {
  model = await startScriptedModel(deskScript());
});
afterAll(async () => {
  await model.close();
});
beforeEach(async () => {
  checkout = makeCheckout(DESK_FILES);
  watching = watch();
  await watching.runs(1);
});
afterEach(async () => {
  watching.press("q");
  await watching.ended;
  checkout.remove();
});

/** Somebody who watches, and what they see. */
interface Watching {
  readonly press: (key: string) => void;
  readonly printed: () => string;
  readonly said: () => string;
  /** Waits for the end of the n-th run. */
  readonly runs: (count: number) => Promise<void>;
  readonly ended: Promise<Called>;
}

function watch(...args: readonly string[]): Watching {
  const printed: string[] = [];
  const said: string[] = [];
  let press: (key: string) => void = () => undefined;
  const ended = callCommandLine(["run", "--watch", ...args], {
    folder: checkout.folder,
    environment: { ANTHROPIC_API_KEY: "a-key", ANTHROPIC_BASE_URL: model.url },
    print: (text) => void printed.push(text),
    say: (text) => void said.push(text),
    onKey: (listener) => {
      press = listener;
      return () => {
        press = () => undefined;
      };
    },
  });
  return {
    press: (key) => press(key),
    printed: () => printed.join(""),
    said: () => said.join(""),
    runs: (count) => until(async () => said.join("").split("Watching.").length > count),
    ended,
  };
}

/** The fixtures of the last run that was printed. */
function lastRun(): readonly string[] {
  const last =
    watching
      .printed()
      .split(/(?=^\d+ fixtures? on )/m)
      .at(-1) ?? "";
  return [...last.matchAll(/^ {2}([✗✓?]) (\S+)/gm)].map(([, mark, id]) => `${mark} ${id}`).sort();
}

describe("watching", () => {
  test("runs again what a change can affect, and nothing else", async () => {
    expect(lastRun()).toEqual(["✓ polite", "✓ refund-asks-first"]);
    checkout.write(
      "evals/golden/polite.yml",
      aDeskFixture("polite", "warning").replace("[colleague]", "[robot]"),
    );
    await watching.runs(2);
    expect(lastRun()).toEqual(["✗ polite"]);
    checkout.write("agent/prompt.md", CARELESS_PROMPT);
    await watching.runs(3);
    expect(lastRun()).toEqual(["✗ polite", "✗ refund-asks-first"]);
    checkout.write("evals/new.yml", aDeskFixture("new"));
    await watching.runs(4);
    expect(lastRun()).toEqual(["✗ new"]);
  });

  test("leaves alone what no fixture depends on", async () => {
    checkout.write("agent/notes.txt", "Nothing of the agent.\n");
    await until(async () => watching.said().includes("no fixture depends on"));
    expect(watching.said().split("Watching.")).toHaveLength(2);
  });

  test("keys run the same again, all, and what failed", async () => {
    checkout.write(
      "evals/golden/polite.yml",
      aDeskFixture("polite", "warning").replace("[colleague]", "[robot]"),
    );
    await watching.runs(2);
    watching.press("a");
    await watching.runs(3);
    expect(lastRun()).toEqual(["✓ refund-asks-first", "✗ polite"].sort());
    watching.press("f");
    await watching.runs(4);
    expect(lastRun()).toEqual(["✗ polite"]);
    watching.press("\r");
    await watching.runs(5);
    expect(lastRun()).toEqual(["✗ polite"]);
  });

  test("says a mistake and goes on when it is mended", async () => {
    checkout.write(".github/incident-to-eval.yml", "version: 2\n");
    await watching.runs(2);
    expect(watching.printed()).toContain(".github/incident-to-eval.yml: version");
    checkout.write(".github/incident-to-eval.yml", DESK_FILES[".github/incident-to-eval.yml"] ?? "");
    await watching.runs(3);
    expect(lastRun()).toEqual(["✓ polite", "✓ refund-asks-first"]);
  });

  test("ends at a key with the code of the last run, also in the middle of one", async () => {
    checkout.write("evals/slow.yml", aDeskFixture("slow", "blocking", "take your time"));
    await until(async () => model.requests().some((one) => JSON.stringify(one).includes("take your time")));
    watching.press("q");
    expect((await watching.ended).code).toBe(0);
  });
});
