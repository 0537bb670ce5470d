import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type GithubEmulator, startGithubEmulator } from "../../../src/adapters/emulator/github-emulator.ts";
import {
  createGithubViewer,
  type GithubViewer,
  startGithubViewer,
} from "../../../src/adapters/emulator/github-viewer.ts";
import {
  fileIncident,
  fillRepository,
  type Person,
  personOf,
  proposeChange,
  tryMerge,
} from "../../../src/adapters/emulator/people.ts";

const AT = { owner: "acme", repo: "refund-agent" };
const CHECK = "incident-to-eval / blocking";

let github: GithubEmulator;
let viewer: GithubViewer;
let ada: Person;

beforeAll(async () => {
  github = await startGithubEmulator({
    app: { id: 1, slug: "incident-to-eval", name: "incident-to-eval", webhookSecret: "s".repeat(32) },
    repository: { owner: "acme", name: "refund-agent", description: "Refunds <fast>" },
    users: [{ login: "ada", token: "token-ada", role: "admin" }],
  });
  await fillRepository(github, { "agent/system.md": "You refund.\nYou smile.\n" }, [CHECK]);
  ada = personOf(github, "ada");
  await fileIncident(github, ada, {
    title: "Paid <too much>",
    body: "### Severity\n\nS1",
    label: "incident",
  });
  viewer = createGithubViewer(github);
});
afterAll(() => github?.close());

async function look(path: string): Promise<{ status: number; html: string }> {
  const page = await viewer.renderPage(path);
  if (page.kind === "elsewhere") throw new Error(`${path} leads to ${page.path}`);
  return page;
}

describe("the pages of the emulated GitHub", () => {
  test("open with issues, pull requests and files, everything escaped", async () => {
    const { html } = await look("/");
    expect(html).toContain("Refunds &lt;fast&gt;");
    expect(html).toContain('<a href="/issues/1"><b>Paid &lt;too much&gt;</b></a>');
    expect(html).toContain('<a href="/blob/main/agent/system.md">');
  });

  test("show an issue with its comments as rendered Markdown", async () => {
    const link = `${github.url}/acme/refund-agent/pull/9`;
    await ada.octokit.rest.issues.createComment({
      ...AT,
      issue_number: 1,
      body: `<!-- marker -->\n**Drafted** in [#9](${link})`,
    });
    const { html } = await look("/issues/1");
    expect(html).toContain("<h3>Severity</h3>");
    expect(html).toContain('<strong>Drafted</strong> in <a href="/pull/9">');
    expect(html).not.toContain("marker");
  });

  test("show a pull request from blocked to merged", async () => {
    const files = { "agent/system.md": "You refund.\nYou grin.\n" };
    const { number, sha } = await proposeChange(github, ada, {
      branch: "grin",
      title: "Grin",
      body: "More teeth.",
      files,
    });
    expect((await look(`/pull/${number}`)).html).toContain("expected, not posted yet");

    const run = await ada.octokit.rest.checks.create({
      ...AT,
      name: CHECK,
      head_sha: sha,
      status: "completed",
      conclusion: "failure",
      output: {
        title: "1 regressed",
        summary: "| fixture | verdict |\n|---|---|\n| bypass | **regressed** |",
        annotations: [
          {
            path: "agent/system.md",
            start_line: 2,
            end_line: 2,
            annotation_level: "failure",
            message: "Grins",
          },
        ],
      },
    });
    const blocked = (await look(`/pull/${number}`)).html;
    expect(blocked).toContain("Merging is blocked.");
    expect(blocked).toContain("<strong>regressed</strong>");
    expect(blocked).toContain(`<a href="/blob/${sha}/agent/system.md#L2">agent/system.md:2</a>`);
    expect(blocked).toContain('<tr class="add"><td>+You grin.</td></tr>');
    expect(await viewer.renderPage(`/acme/refund-agent/commit/${sha}/checks/${run.data.id}`)).toEqual({
      kind: "elsewhere",
      path: `/pull/${number}#check-${run.data.id}`,
    });

    await ada.octokit.rest.checks.update({ ...AT, check_run_id: run.data.id, conclusion: "success" });
    expect((await look(`/pull/${number}`)).html).toContain("Ready to merge.");
    expect((await tryMerge(github, ada, number)).kind).toBe("merged");
    expect((await look(`/acme/refund-agent/pull/${number}`)).html).toContain(
      '<span class="state merged">Merged</span>',
    );
    expect(await viewer.renderPage(`/issues/${number}`)).toEqual({
      kind: "elsewhere",
      path: `/pull/${number}`,
    });
  });

  test("show a file with its lines", async () => {
    expect((await look("/blob/main/agent/system.md")).html).toContain('<tr id="L2"><td class="no">2</td>');
  });

  test.each(["/pull/999", "/blob/main/none.md", "/settings", "/%ff"])(
    "say of %s that it is not there",
    async (path) => {
      const page = await viewer.renderPage(path);
      expect(page).toMatchObject({ kind: "page", status: 404 });
    },
  );

  test("are served with a policy that lets no script run", async () => {
    const server = await startGithubViewer({ emulator: github, port: 0 });
    const response = await fetch(server.url);
    const posted = await fetch(server.url, { method: "POST" });
    await server.close();
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect([response.status, posted.status]).toEqual([200, 405]);
  });
});
