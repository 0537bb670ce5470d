import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Changes,
  type OpenedPullRequest,
  openPullRequest,
  placeOf,
  pushTo,
} from "../build/help-desk.ts";
import { aScript, type RunningApp, startApp } from "../build/running-app.ts";

const CONFIG = ".github/incident-to-eval.yml";
const WELL = "Answer well.\n";
const BADLY = "Answer badly.\n";
const OWNER = "@northwind/support-platform";

/** One agent for each row of the contract, so that a pull request touches one row; what its prompt says on `main`. */
const PROMPTS = {
  holds: WELL,
  regresses: WELL,
  fixes: BADLY,
  unresolved: BADLY,
  stillbroken: WELL,
  baselineless: undefined,
  wavers: "Answer by chance.\n",
  drifts: WELL,
  outage: WELL,
  intended: WELL,
  expired: WELL,
  judged: WELL,
  dear: WELL,
  keyless: WELL,
  adds: WELL,
  addsbroken: BADLY,
} as const;
type Row = keyof typeof PROMPTS;
const ROWS = Object.keys(PROMPTS) as readonly Row[];
const LEVELS = ["blocking", "warning"] as const;
const promptOf = (row: Row) => `rows/${row}/prompt.md`;
const fixtureOf = (row: Row, level: string) => `evals/rows/${row}-${level}.yml`;

const CONFIGURATION = `version: 1
owner: "${OWNER}"
agents:
${ROWS.map(
  (row) =>
    `  ${row}: { target: ${row === "keyless" ? "openai" : "anthropic"}, model: claude-sonnet-5-5, system: [${promptOf(row)}] }`,
).join("\n")}
judge: { model: claude-haiku-5-5 }
gate: { trials: { pull_request: 2 }, max_cost_usd: 0.2 }
override: { blocking: ["@northwind/release-authority"] }
`;

function aRowFixture(
  row: Row,
  level: string,
  more = "",
  expected = "output: { must_contain: [well] }",
): string {
  return `id: ${row}-${level}
owner: "${OWNER}"
level: ${level}
gates: [prompt]
${more}agent: ${row}
input: { messages: [{ role: user, content: Case ${row} ${level}. }] }
expect: { ${expected} }
`;
}

function theFiles(): Record<string, string> {
  const prompts = ROWS.flatMap((row) => {
    const prompt = PROMPTS[row];
    return prompt === undefined ? [] : [[promptOf(row), prompt]];
  });
  const fixtures = ROWS.filter((row) => !row.startsWith("adds")).flatMap((row) =>
    LEVELS.map((level) => {
      const more = row === "expired" ? "expires_at: 2026-01-01\n" : "";
      const judged = row === "judged" ? "judge: { must: [Answers well.] }" : undefined;
      return [fixtureOf(row, level), aRowFixture(row, level, more, judged)];
    }),
  );
  return {
    [CONFIG]: CONFIGURATION,
    "README.md": "# Rows\n",
    ...Object.fromEntries([...prompts, ...fixtures]),
  };
}

const twice = (user: string) =>
  `  - when: { last_user_contains: "${user}" }\n    every: 3\n    reply: { text: It is bad. }\n`.repeat(2);
const SCRIPT = `rules:
  - when: { structured: true }
    reply: { error: { status: 400, type: invalid_request_error } }
${LEVELS.map((level) => `  - when: { last_user_contains: "Case wavers ${level}" }\n    every: 2\n    reply: { text: It is bad. }`).join("\n")}
${LEVELS.map((level) => twice(`Case drifts ${level}`)).join("")}  - when: { system_contains: Answer badly }
    reply: { text: It is bad. }
  - reply: { text: All is well. }
`;

let app: RunningApp;
beforeAll(async () => {
  app = await startApp({
    files: theFiles(),
    script: aScript(SCRIPT),
    repository: { owner: "northwind", name: "help-desk" },
    people: [
      { login: "olga", role: "admin" },
      { login: "max", role: "maintain" },
      { login: "wanda", role: "write" },
      { login: "tom", role: "write" },
    ],
  });
  // What is pushed to the default branch here is no matter of its protection.
  const { octokit } = app.person(app.emulator.ownerLogin);
  await octokit.rest.repos.deleteBranchProtection({ ...placeOf(app), branch: "main" });
  await runOnMain({ "README.md": "# Rows of the contract\n" });
  await runOnMain({ [promptOf("stillbroken")]: BADLY });
}, 60_000);
afterAll(() => app.stop());

const opened: number[] = [];
// What stays open is judged again when the default branch moves.
afterEach(async () => {
  const { octokit } = app.person("wanda");
  for (const pull_number of opened.splice(0))
    await octokit.rest.pulls.update({ ...placeOf(app), pull_number, state: "closed" });
});

async function propose(how: string, changes: Changes): Promise<OpenedPullRequest> {
  const pullRequest = await openPullRequest(app, how.replaceAll(/\W+/g, "-"), changes);
  opened.push(pullRequest.number);
  return pullRequest;
}

/** Pushes to the default branch and waits until its suite was run there. */
async function runOnMain(changes: Changes): Promise<string> {
  const runs = () =>
    app
      .log()
      .split("\n")
      .filter((line) => line.includes('"job":"run-default-branch"') && line.includes('"job done"')).length;
  const before = runs();
  const sha = await pushTo(app, "main", changes);
  await app.eventually("run of the default branch", async () => (runs() > before ? true : undefined));
  return sha;
}

/** What GitHub shows of a check: conclusion, title, and the first sentence. */
async function shown(
  sha: string,
  level: (typeof LEVELS)[number],
): Promise<readonly [string, string, string]> {
  const { conclusion, title, summary } = await app.check(sha, level);
  return [conclusion ?? "", title, summary.split(/(?<=\.) |\n/)[0] ?? ""];
}

const RUN = (level: string) =>
  `Every ${level} fixture that protects what changed was run, and none stands in the way.`;
const FAILS = "With this pull request the agent fails 1 known case";
const UNTOLD = "We could not find out whether the agent still behaves.";
const LOWERED = "Nothing blocks: what protects the change may only warn here";
const ONLY_WARNS =
  "Every blocking fixture that protects what changed was run, and what they say may only warn: it stands in the warning check, with the reason.";

type Shown = readonly [conclusion: string, title: string, sentence: string];
const green = (title: string, level: string): Shown => ["success", title, RUN(level)];

describe("a pull request shows of a blocking and of a warning fixture, where", () => {
  test.each<
    readonly [
      how: string,
      changed: readonly [Row, prompt: string],
      blocking: Shown,
      warning: Shown,
      said: readonly string[],
    ]
  >([
    [
      "both pass: held",
      ["holds", "Answer well, kindly.\n"],
      green("1 fixture holds", "blocking"),
      green("1 fixture holds", "warning"),
      ["✅ held"],
    ],
    [
      "only the baseline passes: regressed, once the baseline has run again",
      ["regresses", BADLY],
      ["failure", "Blocked: 1 of 1 fixture regressed", `${FAILS} that it passes on \`main\`.`],
      ["neutral", "Warning: 1 of 1 fixture regressed", `${FAILS} that it passes on \`main\`.`],
      [
        "❌ regressed",
        "at the base it passes its one trial, and passed 2 of 2 on ",
        "the author of this pull request",
      ],
    ],
    [
      "only the candidate passes: fixed",
      ["fixes", WELL],
      green("1 fixture fixed", "blocking"),
      green("1 fixture fixed", "warning"),
      ["From the merge on it must hold."],
    ],
    [
      "both fail and it never held, as a fixture merged before its fix: unresolved",
      ["unresolved", "Answer badly again.\n"],
      green("1 fixture unresolved", "blocking"),
      ["neutral", "Warning: 0 of 2 fixtures pass", "Fewer fixtures pass than this repository asks for."],
      ["has never held", "It is listed and blocks nothing here."],
    ],
    [
      "both fail and it held on the default branch: still broken",
      ["stillbroken", "Answer badly again.\n"],
      [
        "failure",
        "Blocked: 1 of 1 fixture still broken",
        "The agent fails a case that once held; it fails on `main` as well.",
      ],
      [
        "neutral",
        "Warning: 1 of 1 fixture still broken",
        "The agent fails a case that once held; it fails on `main` as well.",
      ],
      [`the fixture's owner \`${OWNER}\``],
    ],
    [
      "it passes at the first installation, without a baseline: held",
      ["baselineless", WELL],
      green("1 fixture holds", "blocking"),
      green("1 fixture holds", "warning"),
      ["its baseline could not be decided", "| not decided | passed 2 of 2 |"],
    ],
    [
      "it fails at the first installation, without a baseline: regressed",
      ["baselineless", BADLY],
      [
        "failure",
        "Blocked: 1 of 1 fixture regressed",
        `${FAILS}; whether it passes on \`main\` could not be found out.`,
      ],
      [
        "neutral",
        "Warning: 1 of 1 fixture regressed",
        `${FAILS}; whether it passes on \`main\` could not be found out.`,
      ],
      ["the baseline could not be decided: the agent"],
    ],
    [
      "the provider answers otherwise than it did within the day: unstable",
      ["drifts", "Answer well, kindly.\n"],
      [
        "failure",
        "Blocked: 1 of 1 fixture unstable",
        "A case that passed less than a day ago now fails, with and without this pull request.",
      ],
      [
        "neutral",
        "Warning: 1 of 1 fixture unstable",
        "A case that passed less than a day ago now fails, with and without this pull request.",
      ],
      ["though the same baseline passed 2 of 2 on ", "Pin the model to a version", `\`${OWNER}\``],
    ],
    [
      "it has expired: a warning until it is removed",
      ["expired", BADLY],
      ["success", LOWERED, ONLY_WARNS],
      [
        "neutral",
        "Warning: 2 of 2 fixtures regressed",
        "With this pull request the agent fails 2 known cases that it passes on `main`.",
      ],
      ["`expired-blocking`"],
    ],
    [
      "a judge decides that nobody calibrated: it may not block",
      ["judged", "Answer well, kindly.\n"],
      ["success", LOWERED, ONLY_WARNS],
      ["action_required", "Could not evaluate 2 of 2 fixtures", UNTOLD],
      ["`judged-blocking`"],
    ],
    [
      "the money is spent: not run, which is no pass",
      ["dear", "Answer well. ".repeat(30_000)],
      ["failure", "Could not evaluate 1 of 1 fixture", UNTOLD],
      ["action_required", "Could not evaluate 1 of 1 fixture", UNTOLD],
      ["not run", "Raise `gate.max_cost_usd`"],
    ],
  ])("%s", async (how, [row, prompt], blocking, warning, said) => {
    const { sha } = await propose(how, { [promptOf(row)]: prompt });
    expect(await shown(sha, "blocking")).toEqual(blocking);
    expect(await shown(sha, "warning")).toEqual(warning);
    const { summary } = await app.check(sha);
    for (const one of said) expect(summary).toContain(one);
  });

  test("nothing that an agent is made of changes: said in words", async () => {
    const { sha } = await propose("nothing", { "README.md": "# More\n" });
    const empty = ["success", "Nothing to run: no change type matched"];
    const sentence = "Nothing was run, because nothing that an agent is made of changed.";
    expect(await shown(sha, "blocking")).toEqual([...empty, sentence]);
    expect(await shown(sha, "warning")).toEqual([...empty, sentence]);
  });

  test("the app has no key of the agent's provider: could not evaluate, and who sets which variable", async () => {
    const { sha } = await propose("keyless", { [promptOf("keyless")]: "Answer well, kindly.\n" });
    const [conclusion, title] = await shown(sha, "blocking");
    expect([conclusion, title]).toEqual(["failure", "Could not evaluate: the app has no model key"]);
    expect((await app.check(sha)).summary).toContain("`OPENAI_API_KEY`");
  });
});

test("a flaky case fails the check with its owner's name, and is listed once the owner put it in quarantine", async () => {
  const { number, sha } = await propose("wavers", { [promptOf("wavers")]: "Answer by mere chance.\n" });
  const sentence = "A case sometimes passes and sometimes fails, with and without this pull request.";
  expect(await shown(sha, "blocking")).toEqual(["failure", "Blocked: 1 of 1 fixture unstable", sentence]);
  expect(await shown(sha, "warning")).toEqual(["neutral", "Warning: 1 of 1 fixture unstable", sentence]);
  expect((await app.check(sha)).summary).toContain(`the fixture's owner \`${OWNER}\``);

  const { octokit } = app.person("tom");
  await octokit.rest.issues.createComment({
    ...placeOf(app),
    issue_number: number,
    body: "/incident-to-eval quarantine wavers-blocking the provider rolls a die this week",
  });
  const listed = await newest(sha, "success");
  expect(listed.title).toBe("1 fixture in quarantine");
});

/** Waits until the newest check on a commit has this conclusion. */
async function newest(sha: string, conclusion: string) {
  return await app.eventually(`${conclusion} on ${sha}`, async () => {
    const check = (await app.checks(sha)).at(-1);
    return check?.conclusion === conclusion ? check : undefined;
  });
}

test("an outage leaves it open in both checks, and what comes after its end decides", async () => {
  // A provider that names so long a wait is given up at once.
  const end = app.modelFront.refuse("POST", /^\/v1\/messages$/, 529, { "retry-after": "600" });
  const { sha } = await propose("outage", { [promptOf("outage")]: "Answer well, kindly.\n" });
  expect(await shown(sha, "blocking")).toEqual(["failure", "Could not evaluate 1 of 1 fixture", UNTOLD]);
  expect(await shown(sha, "warning")).toEqual([
    "action_required",
    "Could not evaluate 1 of 1 fixture",
    UNTOLD,
  ]);
  end();
  const [check] = await app.checks(sha);
  const { octokit } = app.person("wanda");
  await octokit.rest.checks.rerequestRun({ ...placeOf(app), check_run_id: check?.id ?? 0 });
  expect((await newest(sha, "success")).title).toBe("1 fixture holds");
});

test("what is meant to change is listed once the owner approved this commit", async () => {
  const meant = Object.fromEntries(
    LEVELS.map((level) => [
      fixtureOf("intended", level),
      aRowFixture("intended", level, "", "output: { must_contain: [bad] }"),
    ]),
  );
  const { number, sha } = await propose("intended", { ...meant, [promptOf("intended")]: BADLY });
  const [conclusion, title] = await shown(sha, "blocking");
  expect([conclusion, title]).toEqual(["failure", "Blocked: 1 of 2 fixtures regressed"]);
  const { octokit } = app.person("tom");
  const review = {
    ...placeOf(app),
    pull_number: number,
    commit_id: sha,
    event: "APPROVE",
    body: "Yes.",
  } as const;
  await octokit.rest.pulls.createReview(review);
  const listed = await newest(sha, "success");
  expect(listed.title).toBe("1 fixture fixed");
  const { summary } = await app.check(sha);
  expect(summary).not.toContain("ran as well, and counts");
  for (const one of ["⚪ change approved", "is **meant to change**: "]) expect(summary).toContain(one);
});

describe("a fixture that a pull request brings, where", () => {
  const incident = (more = "") => `incident: INC-9\nsource: { kind: incident${more} }\n`;
  const SEEN = ", fails_on: { sha: 1a2b3c4, failed: 2, trials: 2 }";
  const brought = (id: string, row: Row, more: string) =>
    aRowFixture(row, "blocking", more).replace(`id: ${row}-blocking`, `id: ${id}`);

  test.each<readonly [how: string, Row, more: string, prompt: string | undefined, Shown | readonly string[]]>(
    [
      [
        "both fail: reproduces",
        "addsbroken",
        incident(SEEN),
        undefined,
        ["success", "1 fixture reproducing"],
      ],
      ["the fix comes along: fixed", "addsbroken", incident(SEEN), WELL, ["success", "1 fixture fixed"]],
      ["both pass, as a golden one does: held", "adds", "", undefined, ["success", "1 fixture holds"]],
      [
        "both pass, as its fix shipped before it, which was seen to fail then: held",
        "adds",
        incident(SEEN),
        undefined,
        ["success", "1 fixture holds"],
      ],
      [
        "only the baseline passes: regressed",
        "adds",
        "",
        BADLY,
        ["failure", "Blocked: 1 of 1 fixture regressed"],
      ],
      [
        "nobody has seen it fail: an incident's may only warn",
        "adds",
        incident(),
        BADLY,
        ["success", "Nothing blocks: what protects the change may only warn here"],
      ],
    ],
  )("%s", async (how, row, more, prompt, expected) => {
    const name = how.replaceAll(/\W+/g, "-").toLowerCase();
    const { sha } = await propose(name, {
      [`evals/incidents/${name}.yml`]: brought(name, row, more),
      ...(prompt === undefined ? {} : { [promptOf(row)]: prompt }),
    });
    const [conclusion, title] = await shown(sha, "blocking");
    expect([conclusion, title]).toEqual(expected);
  });
});

test("a configuration that broke on the default branch: the last one judges, and the repair is not blocked", async () => {
  await pushTo(app, "main", { [CONFIG]: CONFIGURATION.replace("version: 1", "version: 7") });
  const { sha } = await propose("meanwhile", { [promptOf("regresses")]: "Answer badly, again.\n" });
  const [conclusion, title] = await shown(sha, "blocking");
  expect([conclusion, title]).toEqual(["failure", "Blocked: 1 of 1 fixture regressed"]);
  expect((await app.check(sha)).summary).toContain("`version` (line 1)");
  const repair = await propose("repair", { [CONFIG]: CONFIGURATION });
  expect((await shown(repair.sha, "blocking"))[0]).toBe("success");
});
