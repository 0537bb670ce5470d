import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { reportPage } from "../../src/app/report-page.ts";
import { renderPage } from "../../src/core/report/render-page.ts";
import { fakeRecords } from "../build/fake-records.ts";
import { aGateReport, aVerdict } from "../build/reports.ts";

const MADE = new Date("2026-11-21T10:00:00Z");
const DAY_MS = 24 * 60 * 60 * 1_000;
const ID = "4f1c2a88-7d0e-4f6e-9a53-1f6c0c9c6b12";

async function ask(path: string, { afterMs = 0, html = "<p>all of it</p>" } = {}) {
  const { reportPages } = fakeRecords();
  await reportPages.savePage({ id: ID, repo: "acme/shop", html, madeAt: MADE });
  const page = reportPage({
    reportPages: () => reportPages,
    now: () => new Date(MADE.getTime() + afterMs),
  });
  const url = new URL(`http://front.invalid${path}`);
  return await page.respond({ url, header: () => "", readText: async () => undefined });
}

test("a page is there for whoever has its address", async () => {
  const { status, headers, body } = await ask(`/reports/${ID}`);
  expect({ status, body }).toEqual({ status: 200, body: "<p>all of it</p>" });
  expect(headers["x-robots-tag"]).toContain("noindex");
});

test.each([
  ["of another id", `/reports/${ID.replace("4", "5")}`, 0],
  ["of no id", "/reports/", 0],
  ["below another", `/reports/${ID}/more`, 0],
  ["of an id that is none", `/reports/${encodeURIComponent("../../etc/passwd")}`, 0],
  ["whose time is over", `/reports/${ID}`, 14 * DAY_MS + 1],
])("a page %s is not there, and nothing tells it from the others", async (_what, path, afterMs) => {
  const { status, body } = await ask(path, { afterMs });
  expect({ status, body }).toEqual({
    status: 404,
    body: "There is no report at this address. Reports are kept for 14 days; running the check again makes a new one.\n",
  });
});

test("a page runs no script but our own, and not in the name of the dashboard's site", async () => {
  const html = renderPage(aGateReport([aVerdict()]), MADE);
  const { headers } = await ask(`/reports/${ID}`, { html });
  const policy = headers["content-security-policy"] ?? "";
  const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "";
  expect(policy).toContain(`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}';`);
  expect(policy).toMatch(/default-src 'none'.*sandbox allow-scripts$/);
});
