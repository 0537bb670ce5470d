import { describe, expect, test } from "@jest/globals";
import { renderPage } from "../../../src/core/report/render-page.ts";
import { stripInvisible } from "../../../src/core/text/markdown.ts";
import { expectGolden } from "../../build/golden.ts";
import {
  aFailedTrial,
  aFailure,
  aGateReport,
  aMixedReport,
  anIncidentFile,
  aSide,
  aTrajectory,
  aVerdict,
} from "../../build/reports.ts";

const WHEN = new Date("2026-04-18T09:00:00Z");
const HOSTILE = `"><img src=x onerror=alert(1)></script><script>alert(2)</script>' \${x} \u202e\u0000&amp;`;

/** Takes out what is ours and the same on every page. */
function withoutStyle(page: string): string {
  return page
    .replace(/<style>[\s\S]*<\/style>/, "")
    .replace(/<script>[\s\S]*<\/script>\n<\/body>/, "</body>");
}

test("a page says all that a run came to", () => {
  expectGolden("report/run-two-sided.html", withoutStyle(renderPage(aMixedReport(), WHEN)));
});

test("a page of nothing and of missing shards says so", () => {
  const page = renderPage({ ...aGateReport([]), missingShards: [2] }, WHEN);
  expect(page).toContain("Shard 2 is missing");
  expect(page).toContain("Could not evaluate enough");
});

test("a page that has a limit shows the steps of the worst first, and says whose are left out", () => {
  const whole = renderPage(aMixedReport(), WHEN);
  const page = renderPage(aMixedReport(), WHEN, {
    charactersMax: 12_000,
    note: "What came later is elsewhere.",
  });
  expect(page.length).toBeLessThan(whole.length);
  expect(page.match(/<details class="case/g)).toHaveLength(6);
  expect(page).toContain("Left out for length: the steps of ");
  expect(page).toContain("What came later is elsewhere.");
  const [first = "", ...rest] = page.split('<details class="case').slice(1);
  expect(first).toContain("never tool:issue_refund");
  expect(rest.at(-1)).toContain("Its steps are left out for length.");
});

describe("a page needs nothing and gives nothing away", () => {
  test("it loads nothing, and its policy forbids it", () => {
    const page = renderPage(aMixedReport(), WHEN);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/\b(src|href|action|srcset)=|url\(|@import|fetch\(|https?:/i);
  });

  test("what agents and people wrote is text", () => {
    const trajectory = aTrajectory([`tool:${HOSTILE}`], { output: HOSTILE, stopReason: HOSTILE });
    const verdict = aVerdict({
      file: {
        ...anIncidentFile({ incident: HOSTILE, owner: HOSTILE, reason: HOSTILE, tags: ["<b>"] }),
        path: `evals/${HOSTILE}.yml`,
      },
      because: HOSTILE,
      candidate: aSide("failed", {
        because: HOSTILE,
        trials: [aFailedTrial({ trajectory, grades: [aFailure(HOSTILE, HOSTILE, HOSTILE, HOSTILE)] })],
      }),
    });
    const report = aGateReport([verdict], {
      head: { sha: "abc", branch: HOSTILE },
      repo: HOSTILE,
      unpricedModels: [HOSTILE],
    });
    const page = withoutStyle(renderPage(report, WHEN));
    expect(page).not.toMatch(/<(img|script|b>&lt)/);
    expect(stripInvisible(page)).toBe(page);
    expect([...page.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag)).not.toContain("img");
  });
});

test("hundreds of failures are all there", () => {
  const verdicts = Array.from({ length: 300 }, (_, index) =>
    aVerdict({ file: anIncidentFile({ id: `case-${index}` }) }),
  );
  const page = renderPage(aGateReport(verdicts), WHEN);
  expect(page.match(/<details class="case failing"/g)).toHaveLength(300);
  expect(page.length).toBeLessThan(3_000_000);
});
