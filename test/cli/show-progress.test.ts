import { describe, expect, test } from "@jest/globals";
import { createProgress } from "../../src/cli/show-progress.ts";
import { aFailedTrial, aHeldVerdict, aSideWithOutage, aVerdict } from "../build/reports.ts";

/** A terminal whose clock the test turns. */
function aScreen(more: { isInteractive?: boolean; columns?: number } = {}) {
  const said: string[] = [];
  const screen = {
    nowMs: 1_000,
    said,
    terminal: {
      say: (text: string) => void said.push(text),
      isInteractive: more.isInteractive ?? false,
      coloursSaid: false,
      columns: more.columns,
      elapsedMs: () => screen.nowMs,
    },
  };
  return screen;
}

const undecided = aVerdict({
  verdict: "undecided",
  because: "The provider is away.",
  candidate: aSideWithOutage(),
});

describe("where nobody watches", () => {
  test("what fails is said as it comes, and how far the run is every ten seconds", () => {
    const screen = aScreen();
    const progress = createProgress(4, screen.terminal);
    progress.fixtureDone(aHeldVerdict("a"), 0.01);
    progress.fixtureDone(aVerdict(), 0.02);
    screen.nowMs += 10_000;
    progress.trialDone(aFailedTrial({ kept: { key: "k", reused: true } }), 0.02);
    progress.fixtureDone(undecided, 0.03);
    screen.nowMs += 10_000;
    progress.trialDone(aFailedTrial(), 0.04);
    progress.clear();
    expect(screen.said).toEqual([
      "✗ refund-approval-bypass: regressed: It passed on the baseline and fails here.\n",
      "2 of 4 fixtures done · 1 passed · 1 failed · 1 trial (1 from the cache) · $0.02\n",
      "? refund-approval-bypass: undecided: The provider is away.\n",
      "3 of 4 fixtures done · 1 passed · 1 failed · 1 not decided · 2 trials (1 from the cache) · $0.04 · about 7 s left\n",
    ]);
  });
});

describe("at a terminal", () => {
  test("the line is written over, again below what fails, and taken away in the end", () => {
    const screen = aScreen({ isInteractive: true });
    const progress = createProgress(3, screen.terminal);
    progress.trialDone(aFailedTrial(), 0.01);
    progress.fixtureDone(aVerdict(), 0.01);
    progress.clear();
    expect(screen.said.join("")).toBe(
      "\r\u001b[K0 of 3 fixtures done · 1 trial · $0.01" +
        "\r\u001b[K✗ refund-approval-bypass: regressed: It passed on the baseline and fails here.\n" +
        "0 of 3 fixtures done · 1 trial · $0.01" +
        "\r\u001b[K",
    );
  });

  test("the line is no longer than the terminal is wide, and is not drawn more often than the eye follows", () => {
    const screen = aScreen({ isInteractive: true, columns: 20 });
    const progress = createProgress(3, screen.terminal);
    for (let trial = 0; trial < 50; trial += 1) progress.trialDone(aFailedTrial(), 0);
    expect(screen.said).toEqual(["\r\u001b[K0 of 3 fixtures don"]);
  });

  test("text that would move the cursor does not reach it", () => {
    const screen = aScreen({ isInteractive: true });
    createProgress(1, screen.terminal).fixtureDone(
      aVerdict({ because: "\u001b[2J\u001b]0;owned\u0007gone\r" }),
      0,
    );
    expect(screen.said.join("").replaceAll("\r\u001b[K", "")).not.toContain("\u001b");
  });
});
