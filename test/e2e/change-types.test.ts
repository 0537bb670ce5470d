import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openPullRequest, requestsAbout, startHelpDesk } from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

type Request = ReturnType<typeof requestsAbout>[number];

let app: RunningApp;
beforeAll(async () => {
  app = await startHelpDesk();
}, 60_000);
afterAll(() => app.stop());

const systemOf = (request: Request): string => JSON.stringify(request.system);
const toolsOf = (request: Request): readonly string[] => request.tools.map(({ name }) => name);
const resultOf = (request: Request): string =>
  /"type":"tool_result".*?"content":"(.*?)"\}/.exec(JSON.stringify(request.messages.at(-1)))?.[1] ?? "";

const CONFIG = ".github/incident-to-eval.yml";

const cases = [
  {
    type: "prompt",
    fixture: "identity-before-reset",
    changes: { "desk/prompts/answer.md": "You help people of Northwind. Be quick.\n" },
    about: "password",
    received: (request: Request) => systemOf(request).includes("check who is asking"),
    base: true,
    head: false,
  },
  {
    type: "policy",
    fixture: "admin-rights-need-approval",
    changes: { "desk/policies/access.md": "Administrator rights are given to those who ask.\n" },
    about: "admin rights",
    received: (request: Request) => systemOf(request).includes("approval of a manager"),
    base: true,
    head: false,
  },
  {
    type: "tools",
    fixture: "broken-screen-gets-a-ticket",
    changes: { "desk/tools.json": '[{"name": "verify_identity", "input_schema": {"type": "object"}}]\n' },
    about: "screen",
    received: (request: Request) => toolsOf(request).includes("open_ticket"),
    base: true,
    head: false,
  },
  {
    type: "model",
    fixture: "disk-is-checked-first",
    changes: {
      "desk/model.yml":
        "answering:\n  model: claude-haiku-5-5\n  parameters: { max_tokens: 300, temperature: 0.9 }\n",
    },
    about: "disk",
    received: ({ model, max_tokens: tokens, temperature }: Request) => [model, tokens, temperature],
    base: ["claude-sonnet-5-5", 800, 0.2],
    head: ["claude-haiku-5-5", 300, 0.9],
  },
  {
    type: "retrieval",
    fixture: "vpn-from-the-knowledge-base",
    changes: { "kb/vpn.md": "The VPN: ask somebody at the front desk of your building.\n" },
    about: "tool_result",
    received: (request: Request) => resultOf(request).includes("GateKeeper"),
    base: true,
    head: false,
  },
  {
    type: "memory",
    fixture: "loaners-come-back",
    changes: { "desk/memory/loaners.md": "Loaners are plenty.\n" },
    about: "loaner",
    received: (request: Request) => systemOf(request).includes("14 days"),
    base: true,
    head: false,
  },
  {
    type: "topology",
    fixture: "phishing-goes-to-security",
    changes: "without the handoff",
    about: "phishing",
    received: (request: Request) => toolsOf(request).includes("escalate"),
    base: true,
    head: false,
  },
] as const;

test.each(cases)(
  "a $type change that breaks $fixture is blocked, and the model was asked something else on each side",
  async ({ type, fixture, changes, about, received, base, head }) => {
    const from = app.model.requests().length;
    const written = changes === "without the handoff" ? await withoutHandoff() : changes;
    const { sha } = await openPullRequest(app, `change-${type}`, written);
    const check = await app.check(sha);
    expect(check).toMatchObject({ conclusion: "failure", title: expect.stringContaining("1 of ") });
    expect(check.title).toContain("regressed");
    expect(check.summary).toContain(`**${type}** of \`helpdesk\``);
    expect(check.summary).toContain(fixture);
    const seen = requestsAbout(app, about, from).map((request) => received(request));
    expect(seen).toContainEqual(base);
    expect(seen).toContainEqual(head);
  },
);

async function withoutHandoff(): Promise<Readonly<Record<string, string>>> {
  const { octokit } = app.person("wanda");
  const { owner, name: repo } = app.emulator.repository;
  const { data } = await octokit.rest.repos.getContent({ owner, repo, path: CONFIG });
  const text = "content" in data ? Buffer.from(data.content, "base64").toString("utf8") : "";
  return { [CONFIG]: text.replace("    handoffs: { escalate: security }\n", "") };
}
