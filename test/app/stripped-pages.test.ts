import { expect, test } from "@jest/globals";
import { strippedPages } from "../../src/app/stripped-pages.ts";
import { fakeRecords } from "../build/fake-records.ts";

test("our secrets are taken out of every part of a page before it is kept", async () => {
  const { reportPages } = fakeRecords();
  const sizes: number[] = [];
  const strip = (text: string): string => {
    sizes.push(text.length);
    return text.replaceAll("hunter2", "[secret]");
  };
  const one = `<details>${"x".repeat(10_000)} hunter2</details>\n`;
  const page = { id: "p-1", repo: "acme/shop", html: one.repeat(50), madeAt: new Date(0) };
  await strippedPages(reportPages, { strip }).savePage(page);
  expect(reportPages.kept.get("p-1")?.html).toBe(page.html.replaceAll("hunter2", "[secret]"));
  expect(sizes.length).toBeGreaterThan(3);
});
