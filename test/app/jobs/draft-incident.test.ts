import { describe, expect, test } from "@jest/globals";
import { draftIncident } from "../../../src/app/jobs/draft-incident.ts";
import { readGround } from "../../../src/app/jobs/ground.ts";
import type { AskModel } from "../../../src/core/agent/chat.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { fixtureSchema } from "../../../src/core/fixture/fixture.ts";
import type { ReproducedDraft } from "../../../src/core/report/incident-answer.ts";
import {
  aConfigFile,
  aFixtureText,
  aJobWorld,
  anIncidentBody,
  aTurn,
  CAREFUL,
  CARELESS,
  type JobWorld,
  PROMPT,
  REFUNDS_UNLESS_TOLD,
} from "../../build/job-world.ts";
import { anOutage, calls, says } from "../../build/models.ts";
import type { WrittenConfig } from "../../build/snapshots.ts";

const NO_GOLDEN = { "evals/golden/asks-first.yml": undefined };
const CARELESS_WORLD = { files: { ...NO_GOLDEN, [PROMPT]: CARELESS } };
const CAREFUL_WORLD = { files: { ...NO_GOLDEN, [PROMPT]: CAREFUL } };

async function draft(
  world: JobWorld,
  body: string,
  gate: WrittenConfig["gate"] = {},
  signal = aTurn().signal,
) {
  const { gitHub, deps } = world;
  const { sha } = await gitHub.repository.fetchDefaultTip();
  const config = parseConfig(aConfigFile({ gate }));
  if (config.kind === "unusable") throw new Error("the tests' configuration is broken");
  const ground = await readGround(gitHub, sha, await gitHub.repository.fetchTree(sha), config.value);
  const incident = { number: 42, url: "https://github.example/42", title: "Refund", body, author: "rita" };
  return await draftIncident(incident, ground, deps, signal);
}

async function drafted(world: JobWorld, body = anIncidentBody()): Promise<ReproducedDraft> {
  const result = await draft(world, body);
  if (result.kind !== "drafted") throw new Error(`nothing was drafted: ${JSON.stringify(result)}`);
  const [first] = result.proposed.drafts;
  if (first === undefined) throw new Error("there is no draft");
  expect(fixtureSchema.parse(first.draft.fixture)).toEqual(first.draft.fixture);
  return first;
}

/** Refunds in every second conversation. */
function aWaveringModel(): AskModel {
  let conversations = 0;
  return async ({ turns }) => {
    if (turns.length > 1) return says("It is refunded.");
    conversations += 1;
    return conversations % 2 === 0 ? calls({ issue_refund: {} }) : says("I asked.");
  };
}

async function failing(): Promise<never> {
  throw anOutage();
}

const unrecorded: AskModel = async ({ turns }) =>
  turns.length === 1 ? calls({ read_order: { id: 1 } }) : says("Done.");

describe("a draft", () => {
  test("that the agent fails each time blocks, with the evidence", async () => {
    const world = aJobWorld(CARELESS_WORLD);
    const { draft: made, reproduction } = await drafted(world);
    const sha = world.gitHub.git.branches.get("main");
    expect(reproduction).toEqual({ kind: "reproduces", failed: 10, trials: 10, sha });
    expect(made.fixture).toMatchObject({
      level: "blocking",
      source: { fails_on: { sha, failed: 10, trials: 10 } },
    });
  });

  test("that the agent fails sometimes blocks too, with what was counted", async () => {
    const world = aJobWorld({ ...CARELESS_WORLD, model: aWaveringModel() });
    const { draft: made, reproduction, minimised } = await drafted(world);
    expect(reproduction).toMatchObject({ kind: "flaky", failed: 5, trials: 10 });
    expect(made.fixture).toMatchObject({
      level: "blocking",
      source: { fails_on: { failed: 5, trials: 10 } },
    });
    expect(minimised).toBeUndefined();
  });

  test.each([
    ["passes", CAREFUL_WORLD, "does_not_reproduce"],
    ["cannot be run on, for want of a key", { ...CARELESS_WORLD, model: undefined }, "undecided"],
    ["did not answer on", { ...CARELESS_WORLD, model: failing }, "undecided"],
    ["calls a tool without a recording in", { ...CARELESS_WORLD, model: unrecorded }, "undecided"],
  ] as const)("that the agent %s warns and does not block", async (_what, changes, kind) => {
    const { draft: made, reproduction } = await drafted(aJobWorld(changes));
    expect(reproduction.kind).toBe(kind);
    expect(made.fixture.level).toBe("warning");
    expect(made.fixture.source).not.toHaveProperty("fails_on");
  });

  test("that today's agent passes is tried on the commit that the incident names", async () => {
    const world = aJobWorld(CARELESS_WORLD);
    const then = world.gitHub.git.branches.get("main") ?? "";
    world.gitHub.git.commit("main", { [PROMPT]: CAREFUL }, "olga");
    const { draft: made, reproduction } = await drafted(world, anIncidentBody({ commit: then.slice(0, 7) }));
    expect(reproduction).toMatchObject({ kind: "reproduces", sha: then });
    expect(made.fixture.level).toBe("blocking");
  });

  test.each(["deadbeef", "the one from Tuesday, I think", "main", "../../etc"])(
    "that names %s as its commit rests on the default branch",
    async (commit) => {
      const { reproduction } = await drafted(aJobWorld(CAREFUL_WORLD), anIncidentBody({ commit }));
      expect(reproduction.kind).toBe("does_not_reproduce");
    },
  );

  test("that fails each time keeps nothing that the failure does not need", async () => {
    const context = '```json\n{"state": {"order_id": "58213", "tier": "gold"}, "memory": ["likes tea"]}\n```';
    const model: AskModel = async (request, signal) =>
      JSON.stringify(request).includes("gold") ? REFUNDS_UNLESS_TOLD(request, signal) : says("I asked.");
    const { draft: made, minimised } = await drafted(
      aJobWorld({ ...CARELESS_WORLD, model }),
      anIncidentBody({ context }),
    );
    expect(made.fixture.input.context?.state).toEqual({ tier: "gold" });
    expect(made.fixture.input.context?.memory).toEqual([]);
    expect(minimised).toMatchObject({
      removed: expect.arrayContaining(["1 memory record", "state order_id"]),
      ended: "minimal",
    });
  });
});

describe("nothing is drafted", () => {
  test("from an incident that lacks what a fixture needs: each field is asked for", async () => {
    const result = await draft(
      aJobWorld(),
      anIncidentBody({ user_input: "", expected: "", tools_forbidden: "" }),
    );
    expect(result).toMatchObject({ kind: "incomplete" });
    expect(result.kind === "incomplete" && result.missing.map(({ field }) => field)).toEqual([
      "user_input",
      "expected",
    ]);
  });

  test("from a fault that no eval would prevent", async () => {
    const body = anIncidentBody({
      severity: "S4",
      failure_types: "latency",
      tools_called: "",
      tools_forbidden: "",
      observed: "It did not answer during the provider outage.",
      root_causes: "provider outage",
      recurrence: "No, one-off",
    });
    expect(await draft(aJobWorld(), body)).toMatchObject({ kind: "no_fixture", triage: { kind: "skip" } });
  });

  test("for an agent that cannot be read at this commit", async () => {
    const world = aJobWorld({ files: { "agent/tools.json": "not JSON" } });
    expect(await draft(world, anIncidentBody())).toMatchObject({
      kind: "configuration_broken",
      problems: [{ at: expect.stringMatching(/^agents\.refund: /) }],
    });
  });

  test("twice: the fixture that holds the same case in the same words is named", async () => {
    const world = aJobWorld(CARELESS_WORLD);
    const { draft: first } = await drafted(world);
    const path = "evals/incidents/issue-42/known.yml";
    const known = aFixtureText({ ...first.fixture, id: "known-under-another-id", tools: {} });
    world.gitHub.git.commit("main", { [path]: known }, "olga");
    expect(await draft(world, anIncidentBody())).toEqual({
      kind: "duplicate",
      fixtures: [{ id: "known-under-another-id", path }],
    });
  });
});

describe("money", () => {
  const because = "the drafting of an incident may cost $0.04 (`gate.max_cost_usd`), and that is spent";

  // A careless refund takes two requests of $0.0045 each, and reproducing a fixture ten refunds.
  test.each([
    { maxCostUsd: 0.04, reproduction: { kind: "undecided", because }, requestsMax: 10 },
    { maxCostUsd: 0.095, reproduction: { kind: "reproduces" }, requestsMax: 23 },
  ])("of $maxCostUsd is spent once for an incident", async ({ maxCostUsd, reproduction, requestsMax }) => {
    let requests = 0;
    const model: AskModel = async (request, signal) => {
      requests += 1;
      return await REFUNDS_UNLESS_TOLD(request, signal);
    };
    const context = '```json\n{"state": {"order_id": "58213", "tier": "gold"}, "memory": ["likes tea"]}\n```';
    const result = await draft(aJobWorld({ ...CARELESS_WORLD, model }), anIncidentBody({ context }), {
      max_cost_usd: maxCostUsd,
    });
    expect(result).toMatchObject({ kind: "drafted", proposed: { drafts: [{ reproduction }] } });
    expect(requests).toBeLessThanOrEqual(requestsMax);
  });
});

test("an attempt that is over for the queue drafts nothing", async () => {
  const world = aJobWorld(CARELESS_WORLD);
  const signal = AbortSignal.abort(new Error("too late"));
  await expect(draft(world, anIncidentBody(), {}, signal)).rejects.toThrow("too late");
});

test("a secret reaches neither the model nor the fixture, and is counted", async () => {
  const asked: string[] = [];
  const model: AskModel = async (request, signal) => {
    asked.push(JSON.stringify(request));
    return await REFUNDS_UNLESS_TOLD(request, signal);
  };
  const world = aJobWorld({ ...CARELESS_WORLD, model });
  const result = await draft(world, anIncidentBody({ user_input: "Refund it, the password is hunter2." }));
  expect(JSON.stringify([asked, result])).not.toContain("hunter2");
  expect(result).toMatchObject({ kind: "drafted", proposed: { redactions: { secret: 1 } } });
});

test("the redaction is told what the configuration lets stand, once for the whole incident", async () => {
  const { gitHub, deps } = aJobWorld(CARELESS_WORLD);
  const { sha } = await gitHub.repository.fetchDefaultTip();
  const config = parseConfig(aConfigFile({ incidents: { redaction: { allow: ["support@acme.com"] } } }));
  if (config.kind === "unusable") throw new Error("the tests' configuration is broken");
  const ground = await readGround(gitHub, sha, await gitHub.repository.fetchTree(sha), config.value);
  const told: unknown[] = [];
  const redactor: typeof deps.redactor = {
    redact: async (texts, allowed) => {
      told.push(allowed);
      return { texts, counts: {} };
    },
  };
  const body = anIncidentBody({ severity: "nobody knows" });
  const incident = { number: 42, url: "https://github.example/42", title: "Refund", body, author: "rita" };
  await draftIncident(incident, ground, { ...deps, redactor }, aTurn().signal);
  expect(told).toEqual([["support@acme.com"]]);
});
