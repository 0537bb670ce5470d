import { expect, test } from "@jest/globals";
import { renderMarkdown } from "../../../../src/adapters/emulator/viewer/render-markdown.ts";

const render = (markdown: string) =>
  renderMarkdown(markdown, (url) => url.replace("https://gh.example", "")).html;

test.each([
  { what: "a script", markdown: "<script>alert(1)</script>", never: "<script" },
  { what: "an event handler", markdown: "<img src=x onerror=alert(1)>", never: "<img" },
  { what: "a dangerous link", markdown: "[x](javascript:alert(1))", never: "javascript:" },
  { what: "a folding section with attributes", markdown: "<details ontoggle=alert(1)>", never: "<details" },
  {
    what: "a hidden marker",
    markdown: "<!-- incident-to-eval:answer -->\nHello",
    never: "incident-to-eval:answer",
  },
])("$what does not come through", ({ markdown, never }) => {
  expect(render(markdown)).not.toContain(never);
});

test("a folding section folds, with Markdown inside", () => {
  const rendered = render("<details><summary>More</summary>\n\n- **one**\n\n</details>");
  expect(rendered).toContain("<details><summary>More</summary>");
  expect(rendered).toContain("<strong>one</strong>");
  expect(rendered).toContain("</details>");
});

test("tags in code stay text", () => {
  expect(render("`<details>`")).toContain("<code>&lt;details&gt;</code>");
  expect(render("```\n<!-- kept -->\n```")).toContain("&lt;!-- kept --&gt;");
});

test("tables are tables and links are rewritten", () => {
  expect(render("| a |\n|---|\n| b |")).toContain("<td>b</td>");
  expect(render("[it](https://gh.example/issues/1)")).toContain('href="/issues/1"');
});
