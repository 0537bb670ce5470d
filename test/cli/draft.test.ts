import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { type ScriptedModel, startScriptedModel } from "../../src/adapters/emulator/scripted-model.ts";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { callCommandLine } from "../build/command-line.ts";
import { CAREFUL_PROMPT, CARELESS_PROMPT, DESK_FILES, deskScript } from "../build/desk-agent.ts";
import { expectGolden } from "../build/golden.ts";

const INCIDENT = `# The desk promised a refund

### Incident ID

INC-2026-04-18-017

### Severity

S1

### Signal

incident

### What the user sent

Refund ord_1 for dana.whitfield@example.com.

### What the agent did

It told the customer that the order is refunded. Nobody had approved it.

### What it should have done

Ask a colleague first and promise nothing.

### It must not

- say "refunded"

### Failure types

skipped_approval
`;

let model: ScriptedModel;
let checkout: TestCheckout;
beforeAll(async () => {
  model = await startScriptedModel(deskScript());
});
afterAll(async () => await model.close());
beforeEach(() => {
  checkout?.remove();
  checkout = makeCheckout({ ...DESK_FILES, "agent/prompt.md": CARELESS_PROMPT, "incident.md": INCIDENT });
});
afterAll(() => checkout.remove());

async function draft(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const called = await callCommandLine(["draft", ...args], { folder: checkout.folder, environment });
  return { ...called, printed: called.printed.replaceAll(/\b[0-9a-f]{7}\b/g, "abc1234") };
}

const withKey = () => ({ ANTHROPIC_API_KEY: "a-key", ANTHROPIC_BASE_URL: model.url });
const drafted = () => checkout.git("ls-files", "--others", "evals").trim().split("\n").filter(Boolean);

describe("an incident in a file", () => {
  test("becomes a fixture that today's agent fails, and then counts", async () => {
    const { code, printed } = await draft(["incident.md"], withKey());
    expect(code).toBe(0);
    expectGolden("cli/draft.txt", printed);
    const [path = ""] = drafted();
    expect(path).toMatch(/^evals\/incidents\/INC-2026-04-18-017\//);
    const text = checkout.read(path);
    expect(text).not.toMatch(/dana|^issue:/m);
    expect(text).toMatch(/^ {2}fails_on: /m);
    const run = await callCommandLine(["run", "--filter", "inc-2026"], {
      folder: checkout.folder,
      environment: withKey(),
    });
    expect(run.code).toBe(1);
  });

  test("is drafted without a key too, and then warns only", async () => {
    const { code, printed } = await draft(["incident.md", "--issue", "42"]);
    expect([code, drafted().length]).toEqual([0, 1]);
    expect(printed).toContain("not reproduced yet");
    expect(checkout.read(drafted()[0] ?? "")).toMatch(/^issue: 42\nlevel: warning$/m);
  });

  test("does not reproduce on an agent that was mended, and the evidence is said to rest on what lies here", async () => {
    checkout.write("agent/prompt.md", CAREFUL_PROMPT);
    const { printed, said } = await draft(["incident.md"], withKey());
    expect(printed).toContain("does not reproduce 0/10");
    expect(said).toMatch(/not as in commit [0-9a-f]{7}.*agent\/prompt\.md/);
  });

  test("is printed and not written in a dry run", async () => {
    const { code, printed } = await draft(["incident.md", "--dry-run"]);
    expect([code, drafted()]).toEqual([0, []]);
    expect(printed).toMatch(/^# evals\/incidents\/.*\n# yaml-language-server/);
  });

  test("that has a fixture already becomes no second one", async () => {
    await draft(["incident.md"]);
    const { code, printed } = await draft(["incident.md"]);
    expect([code, drafted().length]).toEqual([0, 1]);
    expect(printed).toContain("this case has a fixture already");
  });

  test("with answers missing is told field by field", async () => {
    checkout.write("incident.md", "### Incident ID\n\nINC-7\n\n### Severity\n\nterrible\n");
    const { code, printed } = await draft(["incident.md"]);
    expect([code, drafted()]).toEqual([2, []]);
    expectGolden("cli/draft-incomplete.txt", printed);
  });

  test("that deserves no fixture is told why", async () => {
    checkout.write(
      "incident.md",
      INCIDENT.replace("S1", "S4")
        .replace("skipped_approval", "latency")
        .replace(/It told the customer.*/, "It answered late, during an outage of the provider.")
        .concat("\n### Could it recur\n\nNo, it was a one-off.\n"),
    );
    const { code, printed } = await draft(["incident.md"]);
    expect([code, drafted()]).toEqual([0, []]);
    expectGolden("cli/draft-no-fixture.txt", printed);
  });
});

test("an incident without a name asks for one", async () => {
  checkout.write("incident.md", INCIDENT.replace("INC-2026-04-18-017", "_No response_"));
  expect(await draft(["incident.md"])).toMatchObject({
    code: 2,
    said: expect.stringContaining("or give --issue N"),
  });
  expect((await draft(["incident.md", "--issue", "7"])).code).toBe(0);
  expect(drafted()[0]).toMatch(/^evals\/incidents\/issue-7\//);
});

test("a provider that turns us away leaves the fixture unproven, so that it warns only", async () => {
  checkout.write("incident.md", INCIDENT.replace("Refund ord_1", "turn away"));
  const { code, printed } = await draft(["incident.md"], withKey());
  expect(code).toBe(0);
  expect(printed).toMatch(/\.yml \(warning\)\n +not reproduced yet/);
});

test.each([
  { args: [], says: "draft takes one file, got none" },
  { args: ["nowhere.md"], says: "cannot read nowhere.md" },
  { args: ["incident.md", "--issue", "x"], says: "--issue takes a whole number" },
])("draft $args is misuse", async ({ args, says }) => {
  expect(await draft(args)).toMatchObject({ code: 2, said: expect.stringContaining(says) });
});

describe("an incident in an issue", () => {
  const URL_OF_ISSUE = "https://github.example/acme/desk/issues/42";
  const SETTING = { GITHUB_TOKEN: "a-token", GITHUB_API_URL: "https://api.github.example" };

  function issueAnswers(status: number, body: object): void {
    nock("https://api.github.example").get("/repos/acme/desk/issues/42").reply(status, body);
  }

  test("is read from GitHub and drafted like one in a file", async () => {
    issueAnswers(200, {
      number: 42,
      title: "The desk promised a refund",
      body: INCIDENT,
      user: { login: "mara" },
      state: "open",
      labels: [{ name: "incident" }],
      html_url: URL_OF_ISSUE,
      created_at: "2026-04-18T09:00:00Z",
    });
    const { code, printed } = await draft([URL_OF_ISSUE, "--dry-run"], { ...withKey(), ...SETTING });
    expect(code).toBe(0);
    expect(printed).toContain("issue: 42");
    expect(printed).toContain("reproduces 10/10");
  });

  test("that the token may not read is told", async () => {
    issueAnswers(404, { message: "Not Found" });
    const { code, said } = await draft([URL_OF_ISSUE], SETTING);
    expect([code, said]).toEqual([
      2,
      "incident-to-eval: there is no issue #42 in acme/desk that this token may read\n",
    ]);
  });

  test("needs a token", async () => {
    const { code, said } = await draft([URL_OF_ISSUE]);
    expect(code).toBe(2);
    expect(said).toContain("GITHUB_TOKEN");
  });
});
