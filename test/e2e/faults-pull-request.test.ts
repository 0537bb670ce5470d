import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  befallEach,
  FAULT_NAMES,
  FAULT_RATE,
  FAULT_SEEDS,
  FAULT_TEST_MS,
  FAULT_WAITS,
  FAULTS_BY_CHANCE,
  type FaultName,
  LIMITS,
  patiently,
  type When,
  whereOf,
} from "../build/befall-each.ts";
import { randomFaults } from "../build/faults.ts";
import type { Request } from "../build/github-front/exchange.ts";
import { commit, placeOf, startHelpDesk } from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

const KINDS = ["blocking", "warning"] as const;

describe("a pull request has one completed check of each name", () => {
  let app: RunningApp;
  const opened = new Map<string, { readonly sha: string; readonly left: () => readonly string[] }>();

  /** The requests that concern a commit, and those to the model of its agent. */
  function pointsOf(sha: string): Readonly<Record<string, When>> {
    let externalId = "";
    return {
      "creating the check": ({ method, path, body }) => {
        const isCreation = method === "POST" && path.endsWith("/check-runs") && body.includes(sha);
        if (isCreation) externalId = String(JSON.parse(body).external_id);
        return isCreation;
      },
      "completing the check": ({ method, body }) =>
        method === "PATCH" && externalId !== "" && body.includes(externalId) && body.includes('"completed"'),
      "listing the checks": (request) =>
        request.method === "GET" && whereOf(request).endsWith(`/commits/${sha}/check-runs`),
      "reading the files": (request) =>
        request.method === "GET" && whereOf(request).endsWith(`/git/trees/${sha}`),
    };
  }

  async function open(name: string, inject: (sha: string, word: string) => () => readonly string[]) {
    const { octokit } = app.person("wanda");
    const at = placeOf(app);
    const word = name.replaceAll(/\W+/g, "-");
    const main = await octokit.rest.git.getRef({ ...at, ref: "heads/main" });
    const sha = await commit(app, main.data.object.sha, {
      "desk/prompts/answer.md": `Be kind (${word}). Before you change anything on an account, check who is asking.\n`,
    });
    await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${word}`, sha });
    opened.set(name, { sha, left: inject(sha, word) });
    await octokit.rest.pulls.create({ ...at, title: word, head: word, base: "main" });
  }

  async function expectOneAnswer(name: string): Promise<void> {
    const { sha = "", left = () => [] } = opened.get(name) ?? {};
    await patiently(app, async () => {
      const checks = await Promise.all(KINDS.map((kind) => app.checks(sha, kind)));
      return checks.every(
        (listed) => listed.length > 0 && listed.every(({ status }) => status === "completed"),
      );
    });
    expect(await app.checks(sha, "blocking")).toMatchObject([
      { conclusion: "success", title: "1 fixture holds" },
    ]);
    expect(await app.checks(sha, "warning")).toMatchObject([{ conclusion: "success" }]);
    expect(left()).toEqual([]);
  }

  function befallAll(sha: string, word: string, faults: readonly FaultName[]): () => readonly string[] {
    const ofGitHub = befallEach(app.front, pointsOf(sha), faults);
    const model = { "asking the model": ({ body }: Request) => body.includes(word) };
    // The provider's only limit is 429; a 401 or 403 of its is a refusal, and believed.
    const ofModel = befallEach(
      app.modelFront,
      model,
      faults.filter((name) => !/^40[13]/.test(name)),
    );
    return () => [...ofGitHub(), ...ofModel()];
  }

  beforeAll(async () => {
    app = await startHelpDesk({ waits: FAULT_WAITS });
    for (const fault of FAULT_NAMES) await open(fault, (sha, word) => befallAll(sha, word, [fault]));
  }, FAULT_TEST_MS);
  afterAll(() => app.stop());

  test.each(FAULT_NAMES)(
    "when its creation, its completion, each read and the model meet: %s",
    async (fault) => {
      await expectOneAnswer(fault);
    },
    FAULT_TEST_MS,
  );

  test(
    "when GitHub and the model limit our rate in every way",
    async () => {
      await open("limits", (sha, word) => befallAll(sha, word, LIMITS));
      await expectOneAnswer("limits");
    },
    FAULT_TEST_MS,
  );

  test.each(FAULT_SEEDS)(
    "when everything goes wrong by chance, seed %i",
    async (seed) => {
      const ends = [app.front, app.modelFront].map((front) =>
        front.inject(randomFaults({ seed, rate: FAULT_RATE, among: FAULTS_BY_CHANCE })),
      );
      await open(`seed ${seed}`, () => () => []);
      await expectOneAnswer(`seed ${seed}`);
      for (const end of ends) end();
    },
    FAULT_TEST_MS,
  );
});
