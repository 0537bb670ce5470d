import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { diagnose } from "../../../src/core/doctor/diagnose.ts";
import type { BranchFacts, ContentFacts, DoctorFacts } from "../../../src/core/doctor/facts.ts";
import { diagnosisExitCode, type Finding, seen } from "../../../src/core/doctor/finding.ts";
import { NEEDED_EVENTS, NEEDED_PERMISSIONS } from "../../../src/core/doctor/needed.ts";
import { renderDiagnosis } from "../../../src/core/report/render-doctor.ts";
import { expectGolden } from "../../build/golden.ts";

const WORDS = {
  webhookPath: "/api/github/webhooks",
  keyVariables: { anthropic: "ANTHROPIC_API_KEY", openai: "OPENAI_API_KEY" },
} as const;
const PERMISSIONS: Readonly<Record<string, string>> = Object.fromEntries(
  NEEDED_PERMISSIONS.map(({ name, level }) => [name, level]),
);
const EVENTS = NEEDED_EVENTS.map(({ name }) => name);
const SETTINGS = "https://github.com/organizations/acme/settings/apps/evals";
const BLOCKING = "incident-to-eval / blocking";
const GUARD = "incident-to-eval / guard";
const REQUIRED: BranchFacts = {
  required: [BLOCKING, GUARD].map((context) => ({ context, appId: 4_711, rule: "branch protection" })),
  hasMergeQueue: false,
};
const USABLE = {
  kind: "usable",
  owner: "@acme/quality",
  agents: 2,
  fixtures: 3,
  blocking: 1,
  judged: 0,
  problems: [],
  providers: ["anthropic"],
  calibration: { kind: "none" },
} as const;
const CONTENT: ContentFacts = {
  defaultBranch: "main",
  gatedBases: [],
  configuration: USABLE,
  hasForm: true,
};
const SELF = {
  id: 4_711,
  permissions: PERMISSIONS,
  events: EVENTS,
  settingsUrl: SETTINGS,
  aheadSeconds: 0.4,
};
const ATTEMPT = {
  deliveryId: "a",
  event: "issues",
  at: new Date("2026-11-21T09:00:00Z"),
  statusCode: 202,
  status: "OK",
};
const APP = {
  self: seen(SELF),
  webhook: seen({
    url: "https://evals.example.com/api/github/webhooks",
    contentType: "json",
    verifiesTls: true,
  }),
  attempts: seen([ATTEMPT]),
};
const INSTALLATION = {
  permissions: PERMISSIONS,
  events: EVENTS,
  suspended: false,
  settingsUrl: "https://github.com/organizations/acme/settings/installations/7",
};
const REPOSITORY = {
  name: "acme/agent",
  content: seen(CONTENT),
  installation: seen(INSTALLATION),
  branches: new Map([["main", seen(REQUIRED)]]),
};
const WELL: DoctorFacts = {
  app: APP,
  server: seen([]),
  keys: new Map([["anthropic", seen({ kind: "accepted" as const })]]),
  repository: REPOSITORY,
};

function saidOf(facts: DoctorFacts): readonly Finding[] {
  return diagnose(facts, WORDS);
}

test("where nothing is in the way, every line is ok", () => {
  const findings = saidOf(WELL);
  expect(findings.filter(({ state }) => state !== "ok")).toEqual([]);
  expect(diagnosisExitCode(findings)).toBe(0);
  expectGolden("doctor/well.txt", renderDiagnosis(findings));
});

function withApp(change: Partial<typeof SELF>): DoctorFacts {
  return { ...WELL, app: { ...APP, self: seen({ ...SELF, ...change }) } };
}

function withBranch(facts: BranchFacts): DoctorFacts {
  return { ...WELL, repository: { ...REPOSITORY, branches: new Map([["main", seen(facts)]]) } };
}

function withConfiguration(configuration: ContentFacts["configuration"]): DoctorFacts {
  return { ...WELL, repository: { ...REPOSITORY, content: seen({ ...CONTENT, configuration }) } };
}

function withAttempts(...attempts: readonly Partial<typeof ATTEMPT>[]): DoctorFacts {
  return { ...WELL, app: { ...APP, attempts: seen(attempts.map((one) => ({ ...ATTEMPT, ...one }))) } };
}

function withWebhook(url: string, contentType = "json"): DoctorFacts {
  return { ...WELL, app: { ...APP, webhook: seen({ url, contentType, verifiesTls: true }) } };
}

function requiring(context: string, appId: number | undefined): BranchFacts {
  return { ...REQUIRED, required: [{ context, appId, rule: "branch protection" }] };
}

describe("what is in the way is told", () => {
  test.each<{ what: string; facts: DoctorFacts; on: string; state: string; says: RegExp }>([
    {
      what: "a permission that is too low",
      facts: withApp({ permissions: { ...PERMISSIONS, checks: "read" } }),
      on: "App: permission checks",
      state: "problem",
      says: /expected write, got read/,
    },
    {
      what: "a permission that only releases need",
      facts: withApp({ permissions: { ...PERMISSIONS, deployments: "none" } }),
      on: "App: permission deployments",
      state: "warning",
      says: /releases are not held/,
    },
    {
      what: "a permission that is too much",
      facts: withApp({ permissions: { ...PERMISSIONS, workflows: "write" } }),
      on: "App: permission workflows",
      state: "warning",
      says: /never used/,
    },
    {
      what: "an event that is not heard",
      facts: withApp({ events: EVENTS.filter((name) => name !== "issues") }),
      on: "App: event issues",
      state: "problem",
      says: /not subscribed/,
    },
    {
      what: "a clock that is minutes ahead",
      facts: withApp({ aheadSeconds: 240 }),
      on: "clock",
      state: "problem",
      says: /240 s ahead/,
    },
    {
      what: "a clock that is half a minute behind",
      facts: withApp({ aheadSeconds: -30 }),
      on: "clock",
      state: "warning",
      says: /30 s behind/,
    },
    {
      what: "no webhook address",
      facts: withWebhook(""),
      on: "webhook address",
      state: "problem",
      says: /no event arrives/,
    },
    {
      what: "a webhook address without TLS",
      facts: withWebhook("http://evals.example.com/api/github/webhooks"),
      on: "webhook address",
      state: "warning",
      says: /not HTTPS/,
    },
    {
      what: "webhooks as forms",
      facts: withWebhook("https://evals.example.com/api/github/webhooks", "form"),
      on: "webhook address",
      state: "problem",
      says: /JSON only/,
    },
    {
      what: "another path",
      facts: withWebhook("https://evals.example.com/"),
      on: "webhook address",
      state: "warning",
      says: /proxy/,
    },
    {
      what: "another secret",
      facts: withAttempts({ statusCode: 401 }),
      on: "webhook deliveries",
      state: "problem",
      says: /status 401/,
    },
    {
      what: "an earlier delivery that failed",
      facts: withAttempts({}, { deliveryId: "b", statusCode: 502 }),
      on: "webhook deliveries",
      state: "warning",
      says: /1 of 2/,
    },
    {
      what: "no delivery",
      facts: withAttempts(),
      on: "webhook deliveries",
      state: "warning",
      says: /nothing/,
    },
    {
      what: "a store that takes nothing",
      facts: { ...WELL, server: seen(["the store cannot be written"]) },
      on: "server",
      state: "problem",
      says: /cannot be written/,
    },
    {
      what: "a key that is refused",
      facts: { ...WELL, keys: new Map([["anthropic", seen({ kind: "refused" as const, status: 401 })]]) },
      on: "model key anthropic",
      state: "problem",
      says: /refuses it/,
    },
    {
      what: "a key that is missing",
      facts: { ...WELL, keys: new Map() },
      on: "model key anthropic",
      state: "problem",
      says: /ANTHROPIC_API_KEY is not set/,
    },
    {
      what: "a suspended installation",
      facts: {
        ...WELL,
        repository: {
          ...REPOSITORY,
          installation: seen({ ...INSTALLATION, suspended: true }),
        },
      },
      on: "installation",
      state: "problem",
      says: /suspended/,
    },
    {
      what: "a check that no rule requires",
      facts: withBranch({ ...REQUIRED, required: [] }),
      on: `main: ${BLOCKING}`,
      state: "problem",
      says: /stops nobody/,
    },
    {
      what: "a check from anybody",
      facts: withBranch(requiring(BLOCKING, undefined)),
      on: `main: ${BLOCKING}`,
      state: "problem",
      says: /from anybody/,
    },
    {
      what: "a check from another App",
      facts: withBranch(requiring(BLOCKING, 15_368)),
      on: `main: ${BLOCKING}`,
      state: "problem",
      says: /we are 4711/,
    },
    {
      what: "a guard that is not required",
      facts: withBranch(requiring(BLOCKING, 4_711)),
      on: `main: ${GUARD}`,
      state: "warning",
      says: /no rule requires/,
    },
    {
      what: "a merge queue that we are not told of",
      facts: {
        ...withBranch({ ...REQUIRED, hasMergeQueue: true }),
        app: { ...APP, self: seen({ ...SELF, events: EVENTS.filter((name) => name !== "merge_group") }) },
      },
      on: "main: merge queue",
      state: "problem",
      says: /in vain/,
    },
    {
      what: "no configuration",
      facts: withConfiguration({ kind: "absent" }),
      on: "configuration",
      state: "problem",
      says: /no check is posted/,
    },
    {
      what: "a broken configuration",
      facts: withConfiguration({
        kind: "unusable",
        problems: [{ at: "gate.trails", expected: "no such key", got: "1", line: 4, column: 3 }],
      }),
      on: "configuration",
      state: "problem",
      says: /line 4, column 3/,
    },
    {
      what: "a fixture that cannot be read",
      facts: withConfiguration({
        ...USABLE,
        problems: [{ at: "evals/a.yml: id", expected: "an id", got: "nothing" }],
      }),
      on: "agents and fixtures",
      state: "problem",
      says: /evals\/a\.yml/,
    },
    {
      what: "nobody who owns the loop",
      facts: withConfiguration({ ...USABLE, owner: undefined }),
      on: "owner",
      state: "warning",
      says: /accountable/,
    },
    {
      what: "no fixture",
      facts: withConfiguration({ ...USABLE, fixtures: 0 }),
      on: "fixtures",
      state: "warning",
      says: /nothing is protected/,
    },
    {
      what: "a judge that nobody calibrated",
      facts: withConfiguration({ ...USABLE, judged: 2 }),
      on: "judge",
      state: "warning",
      says: /not calibrated.*2 fixtures.*never blocks/,
    },
  ])("$what", ({ facts, on, state, says }) => {
    const findings = saidOf(facts);
    expect(findings).toContainEqual(
      expect.objectContaining({ on, state, says: expect.stringMatching(says) }),
    );
    expect(diagnosisExitCode(findings)).toBe(state === "problem" ? 1 : 0);
  });
});

test.each([
  { passing: false, state: "warning", exitCode: 0 },
  { passing: true, state: "unseen", exitCode: 3 },
])("what could not be looked at is never ok (passing: $passing)", ({ passing, state, exitCode }) => {
  const findings = saidOf({
    ...WELL,
    app: { ...APP, webhook: { kind: "unseen", because: "GitHub could not", passing } },
  });
  expect(findings).toContainEqual(
    expect.objectContaining({
      on: "webhook address",
      state,
      says: expect.stringMatching(/^could not look, because/),
    }),
  );
  expect(diagnosisExitCode(findings)).toBe(exitCode);
});

test("what the doctor asks for is what the manifest of the App asks for", () => {
  const manifest: unknown = parse(readFileSync(new URL("../../../app.yml", import.meta.url), "utf8"));
  expect(manifest).toMatchObject({
    default_permissions: PERMISSIONS,
    default_events: expect.arrayContaining(EVENTS),
  });
  expect(EVENTS).toHaveLength((manifest as { default_events: unknown[] }).default_events.length);
  expect(NEEDED_PERMISSIONS).toHaveLength(
    Object.keys((manifest as { default_permissions: object }).default_permissions).length,
  );
});
