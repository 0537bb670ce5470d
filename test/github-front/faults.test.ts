import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ANSWER_AGE_MS_MAX, FAULTS, plannedFaults, randomFaults } from "../build/faults.ts";
import { type Front, startFront } from "../build/front.ts";
import { json } from "../build/github-front/exchange.ts";
import { violationsOf } from "../build/github-openapi.ts";

let front: Front;
/** What was carried out. */
let entries: string[] = [];

beforeAll(async () => {
  front = await startFront(async ({ method, body }) => {
    if (method === "POST") entries = [...entries, body];
    return json(method === "POST" ? 201 : 200, { entries });
  });
});
afterAll(() => front.close());

async function ask(method: "GET" | "POST", body?: string): Promise<number | string> {
  try {
    const response = await fetch(`${front.url}/entries`, { method, ...(body === undefined ? {} : { body }) });
    await response.text();
    return response.status;
  } catch {
    return "broken";
  }
}

async function listed(): Promise<unknown> {
  const response = await fetch(`${front.url}/entries`);
  return await response.json();
}

test.each([
  ["latency", 201, true],
  ["500 before the effect", 500, false],
  ["502 after the effect", 502, true],
  ["403 secondary limit", 403, false],
  ["429 too many requests", 429, false],
  ["403 primary limit", 403, false],
  ["reset before the effect", "broken", false],
  ["reset after the effect", "broken", true],
  ["body cut off", "broken", true],
  ["401 for an expired token", 401, false],
  ["stale reads after a write", 201, true],
  ["slow drip", 201, true],
] as const)("%s: the client gets %s, and that it was carried out is %s", async (name, got, isCarriedOut) => {
  entries = [];
  const stop = front.inject(plannedFaults([{ when: () => true, fault: FAULTS[name], times: 1 }]));
  expect(await ask("POST", name)).toBe(got);
  stop();
  expect(entries).toEqual(isCarriedOut ? [name] : []);
});

test("after a write that lags, reads answer what they answered before, and then what is", async () => {
  entries = [];
  await listed();
  const fault = { kind: "stale", lagMs: 300 } as const;
  const stop = front.inject(plannedFaults([{ when: ({ method }) => method === "POST", fault, times: 1 }]));
  await ask("POST", "new");
  expect(await listed()).toEqual({ entries: [] });
  await new Promise((resolve) => setTimeout(resolve, fault.lagMs));
  expect(await listed()).toEqual({ entries: ["new"] });
  stop();
});

test("what was read long before a write that lags is not shown again: it lagged more than the write", async () => {
  entries = [];
  await listed();
  await new Promise((resolve) => setTimeout(resolve, ANSWER_AGE_MS_MAX));
  await ask("POST", "old");
  const fault = { kind: "stale", lagMs: 300 } as const;
  const stop = front.inject(plannedFaults([{ when: ({ method }) => method === "POST", fault, times: 1 }]));
  await ask("POST", "new");
  expect(await listed()).toEqual({ entries: ["old", "new"] });
  stop();
});

test("a seed gives every request the same fate in each run, and never more than two faults in a row", () => {
  const fates = (seed: number) => {
    const plan = randomFaults({ seed, rate: 0.5, among: Object.values(FAULTS) });
    const request = { method: "GET", path: "/entries", headers: {}, body: "" };
    return Array.from({ length: 60 }, () => plan(request)?.kind ?? "-");
  };
  expect(fates(7)).toEqual(fates(7));
  expect(fates(7)).not.toEqual(fates(8));
  expect(fates(7).filter((fate) => fate !== "-").length).toBeGreaterThan(10);
  const inRow = fates(7).map((fate, index, all) => [fate, all[index + 1] ?? "-", all[index + 2] ?? "-"]);
  expect(inRow.filter((three) => !three.includes("-"))).toEqual([]);
});

const AT = "/repos/acme/agent";

test.each([
  ["an operation that GitHub does not have", "GET", `${AT}/gate`, "", "no such operation"],
  ["another method than GitHub has", "PUT", `${AT}/check-runs`, "{}", "no such operation"],
  ["an unknown parameter", "GET", `${AT}/pulls?pages=2`, "", "no parameter pages"],
  ["a parameter of another kind", "GET", `${AT}/pulls?page=two`, "", "must be integer"],
  ["a value that is not in the list", "GET", `${AT}/pulls?state=merged`, "", "must be equal to one of"],
  ["more entries than a page holds", "GET", `${AT}/pulls?per_page=101`, "", "at most 100"],
  ["a number that is a word", "GET", `${AT}/issues/seven`, "", "must be integer"],
  ["no body", "POST", `${AT}/check-runs`, "", "the body is missing"],
  ["a body without what is required", "POST", `${AT}/check-runs`, '{"name":"gate"}', "head_sha"],
  [
    "a member that GitHub does not know",
    "POST",
    `${AT}/pulls`,
    '{"head":"a","base":"b","heads":"c"}',
    "no member heads",
  ],
  [
    "a label of more than twenty characters",
    "POST",
    `${AT}/check-runs`,
    JSON.stringify({
      name: "gate",
      head_sha: "x",
      actions: [{ label: "x".repeat(21), description: "x", identifier: "x" }],
    }),
    "20 characters",
  ],
])("a request with %s is a violation", (_, method, path, body, says) => {
  expect(violationsOf({ method, path, body }).join("\n")).toContain(says);
});

test.each([
  ["GET", `${AT}/git/ref/heads%2Fincident-to-eval%2Fissue-1`, ""],
  ["GET", `${AT}/commits/main/check-runs?check_name=gate&filter=all&app_id=1`, ""],
  ["GET", "/repositories/1/pulls?state=open", ""],
  ["GET", `${AT}/compare/main...feature/x`, ""],
  ["POST", `${AT}/check-runs`, '{"name":"gate","head_sha":"x"}'],
])("%s %s is in order", (method, path, body) => {
  expect(violationsOf({ method, path, body })).toEqual([]);
});
