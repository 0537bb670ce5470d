import { expect, test } from "@jest/globals";
import { cachedFigures } from "../../src/app/cached-figures.ts";
import { countedModel } from "../../src/app/counted-models.ts";
import { metricsPage } from "../../src/app/metrics-page.ts";
import type { ChatRequest } from "../../src/core/agent/chat.ts";
import { ExternalFailure } from "../../src/ports/external-failure.ts";
import type { StoreFigures } from "../../src/ports/figures.ts";
import type { Occurrence } from "../../src/ports/metrics.ts";
import { theFigures } from "../build/figures.ts";
import { says } from "../build/models.ts";

const REQUEST = {
  url: new URL("http://front.invalid/metrics"),
  header: () => "",
  readText: async () => undefined,
};
const AWAY = new ExternalFailure("it is down", { system: "database", retryable: true });

function pageWith(fetchFigures: () => Promise<StoreFigures | undefined>) {
  return metricsPage({
    write: async (figures) => ({ contentType: "text/plain", text: figures === undefined ? "none" : "some" }),
    fetchFigures,
  });
}

test.each([
  ["the store's figures", async () => theFigures(), "some"],
  ["no figures where the store does not say in time", async () => undefined, "none"],
  ["no figures while the store is not open", () => Promise.reject(AWAY), "none"],
])("the page has %s, and is there in any case", async (_what, fetchFigures, body) => {
  expect(await pageWith(fetchFigures).respond(REQUEST)).toMatchObject({ status: 200, body });
});

test("a bug of ours is not hidden behind a page without figures", async () => {
  await expect(pageWith(() => Promise.reject(new TypeError("x"))).respond(REQUEST)).rejects.toThrow("x");
});

test("however often somebody looks, the store is asked once in five seconds", async () => {
  let asked = 0;
  let elapsedMs = 0;
  const figures = cachedFigures(
    async () => {
      asked += 1;
      return theFigures();
    },
    () => elapsedMs,
  );
  await Promise.all([figures(), figures()]);
  elapsedMs = 4_999;
  await figures();
  expect(asked).toBe(1);
  elapsedMs = 5_000;
  await figures();
  expect(asked).toBe(2);
});

test("a store that is away gives no figures", async () => {
  expect(
    await cachedFigures(
      () => Promise.reject(AWAY),
      () => 0,
    )(),
  ).toBeUndefined();
});

test("every request to a model is counted with what it cost, and those that fail too", async () => {
  const noted: Occurrence[] = [];
  const metrics = { note: (occurrence: Occurrence) => void noted.push(occurrence) };
  const request: ChatRequest = {
    provider: "anthropic",
    model: "claude-opus-5-5",
    parameters: {},
    system: [],
    turns: [],
    tools: [],
  };
  const { signal } = new AbortController();
  const usage = { inputTokens: 1_000_000, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
  await countedModel(async () => ({ ...says("yes"), usage }), metrics)(
    { ...request, model: "claude-sonnet-5-5" },
    signal,
  );
  await countedModel(async () => ({ ...says("yes"), usage }), metrics)(
    { ...request, model: "their-own" },
    signal,
  );
  const broken = countedModel(() => Promise.reject(AWAY), metrics)(request, signal);
  await expect(broken).rejects.toBe(AWAY);
  expect(noted).toEqual([
    { kind: "model_answered", model: "claude-sonnet-5-5", usage, costUsd: 2 },
    { kind: "model_answered", model: "their-own", usage, costUsd: undefined },
    { kind: "model_failed", model: "claude-opus-5-5" },
  ]);
});
