import { afterEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { githubDeliveryLog } from "../../../src/adapters/github/delivery-log.ts";
import { tokenOctokit } from "../../../src/adapters/github/octokit.ts";
import { RateLimits } from "../../../src/adapters/github/rate-limits.ts";
import { API, listeningLog, recordedGitHub, TOKEN } from "../../build/recorded-github.ts";

const PATH = "/app/hook/deliveries";

afterEach(() => nock.cleanAll());

function aDeliveryLog() {
  const log = listeningLog();
  const client = tokenOctokit(TOKEN, { baseUrl: API, log, limits: new RateLimits() });
  return { deliveryLog: githubDeliveryLog(async () => client, log), said: log.said };
}

/** An attempt as GitHub lists it. */
function anAttempt(change: object = {}) {
  return {
    id: 12_345_678,
    guid: "0b989ba4-242f-11e5-81e1-c7b6966d2516",
    delivered_at: "2026-11-21T10:00:00Z",
    redelivery: false,
    duration: 0.27,
    status: "OK",
    status_code: 200,
    event: "issues",
    action: "opened",
    installation_id: 77,
    repository_id: 5,
    throttled_at: null,
    ...change,
  };
}

const linkTo = (cursor: string) => ({ link: `<${API}${PATH}?per_page=100&cursor=${cursor}>; rel="next"` });

describe("the log", () => {
  test("is read a hundred at a time, from where the last part ended", async () => {
    const { deliveryLog } = aDeliveryLog();
    recordedGitHub().get(PATH).query({ per_page: 100 }).reply(200, [anAttempt()], linkTo("v1_12345"));
    const first = await deliveryLog.fetchPage(undefined);
    expect(first).toEqual({
      attempts: [
        {
          id: "12345678",
          deliveryId: "0b989ba4-242f-11e5-81e1-c7b6966d2516",
          event: "issues",
          action: "opened",
          at: new Date("2026-11-21T10:00:00Z"),
        },
      ],
      next: "v1_12345",
    });
    recordedGitHub().get(PATH).query({ per_page: 100, cursor: "v1_12345" }).reply(200, []);
    expect(await deliveryLog.fetchPage("v1_12345")).toEqual({ attempts: [], next: undefined });
  });

  test("shows events without an action, and ids that are longer than a number holds", async () => {
    const { deliveryLog } = aDeliveryLog();
    const text = JSON.stringify([anAttempt({ id: "ID", event: "push", action: null })]);
    recordedGitHub().get(PATH).query(true).reply(200, text.replace('"ID"', "18014398509481983"));
    expect(await deliveryLog.fetchPage(undefined)).toMatchObject({
      attempts: [{ id: "18014398509481983", event: "push", action: undefined }],
    });
  });

  test("that is not offered is told of once, and is no failure", async () => {
    const { deliveryLog, said } = aDeliveryLog();
    recordedGitHub().get(PATH).query(true).twice().reply(404, { message: "Not Found" });
    expect(await deliveryLog.fetchPage(undefined)).toBeUndefined();
    expect(await deliveryLog.fetchPage(undefined)).toBeUndefined();
    expect(said).toHaveLength(1);
  });

  test("that GitHub limits is read later", async () => {
    const { deliveryLog } = aDeliveryLog();
    recordedGitHub().get(PATH).query(true).reply(429, { message: "slow down" }, { "retry-after": "30" });
    await expect(deliveryLog.fetchPage(undefined)).rejects.toMatchObject({
      retryable: true,
      retryAfterMs: 30_000,
    });
  });
});

describe("a request for another attempt", () => {
  test.each([
    { answered: "accepted without a body", status: 202, body: "", answer: "requested" },
    { answered: "accepted with an empty object", status: 202, body: "{}", answer: "requested" },
    { answered: "an unknown attempt", status: 404, body: '{"message":"Not Found"}', answer: "refused" },
    {
      answered: "an attempt that is too old",
      status: 422,
      body: '{"message":"Validation Failed"}',
      answer: "refused",
    },
  ])("that is answered with $answered is $answer", async ({ status, body, answer }) => {
    const { deliveryLog } = aDeliveryLog();
    recordedGitHub().post(`${PATH}/18014398509481983/attempts`).reply(status, body);
    expect(await deliveryLog.requestAgain("18014398509481983")).toBe(answer);
  });

  test("that GitHub limits is made later", async () => {
    const { deliveryLog } = aDeliveryLog();
    recordedGitHub()
      .post(`${PATH}/1/attempts`)
      .reply(403, { message: "secondary rate limit" }, { "retry-after": "9" });
    await expect(deliveryLog.requestAgain("1")).rejects.toMatchObject({
      retryable: true,
      retryAfterMs: 9_000,
    });
  });
});
