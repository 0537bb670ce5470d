import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { findOnGitHub, readGitHub, writeGitHub } from "../../../src/adapters/github/call-github.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import { API, AT, recordedAccess, recordedGitHub, TOKEN } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

const SECRET_BODY = "the customer said sk-secret";

function comment() {
  return recordedAccess().client.rest.issues.createComment({
    owner: "acme",
    repo: "support-agent",
    issue_number: 7,
    body: SECRET_BODY,
  });
}

function readIssue() {
  return recordedAccess().client.rest.issues.get({ owner: "acme", repo: "support-agent", issue_number: 7 });
}

async function failureOf(call: Promise<unknown>): Promise<ExternalFailure> {
  const failure = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (failure instanceof ExternalFailure) return failure;
  throw new Error(`expected an ExternalFailure, got ${String(failure)}`);
}

const NOON = "Sat, 21 Nov 2026 12:00:00 GMT";
const NOON_SECONDS = Date.parse(NOON) / 1_000;

test.each([
  {
    called: "a permission that the app lacks",
    status: 403,
    message: "Resource not accessible by integration",
    retryable: false,
    says: "compare its permissions with app.yml",
  },
  {
    called: "wrong credentials",
    status: 401,
    message: "Bad credentials",
    retryable: false,
    says: "check APP_ID",
  },
  {
    called: "what is not there",
    status: 404,
    message: "Not Found",
    retryable: false,
    says: "may not see it",
  },
  {
    called: "a refused body",
    status: 422,
    message: "Validation Failed",
    retryable: false,
    says: "does not take",
  },
  {
    called: "a branch rule",
    status: 422,
    message: "Repository rule violations found",
    retryable: false,
    says: "branches that begin with incident-to-eval/",
  },
  { called: "a conflict", status: 409, message: "Conflict", retryable: false, says: "status 409" },
  {
    called: "a bad gateway",
    status: 502,
    message: "Server Error",
    retryable: true,
    says: "problem of its own",
  },
  {
    called: "a secondary limit with retry-after",
    status: 403,
    headers: { "retry-after": "90" },
    message: "You have exceeded a secondary rate limit. Wait a few minutes.",
    retryable: true,
    retryAfterMs: 90_000,
    says: "tried again in 90 s",
  },
  {
    called: "a secondary limit that says nothing of when",
    status: 403,
    message: "You have exceeded a secondary rate limit. Wait a few minutes.",
    retryable: true,
    retryAfterMs: 60_000,
    says: "limits our rate",
  },
  {
    called: "too many requests",
    status: 429,
    message: "Too many",
    retryable: true,
    retryAfterMs: 60_000,
    says: "limits our rate",
  },
  {
    called: "the primary limit, by GitHub's clock",
    status: 403,
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOON_SECONDS + 600), date: NOON },
    message: "API rate limit exceeded for installation ID 77.",
    retryable: true,
    retryAfterMs: 601_000,
    says: "tried again in 601 s",
  },
  {
    called: "a reset that is a day away, which is not believed",
    status: 429,
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOON_SECONDS + 86_400), date: NOON },
    message: "API rate limit exceeded",
    retryable: true,
    retryAfterMs: 65 * 60_000,
    says: "limits our rate",
  },
])(
  "$called ($status) says what to do",
  async ({ status, headers, message, retryable, retryAfterMs, says }) => {
    recordedGitHub()
      .post(`${AT}/issues/7/comments`)
      .reply(status, { message: `${message} ${status === 422 ? SECRET_BODY : ""}`.trim() }, headers);
    const failure = await failureOf(writeGitHub("comment on 7", comment));
    expect(failure).toMatchObject({ system: "github", status, retryable });
    expect(failure.retryAfterMs).toBe(retryAfterMs);
    expect(failure.message).toContain(
      `GitHub could not comment on 7 (status ${status}, request D5F2:3A1B:1C)`,
    );
    expect(failure.message).toContain(says);
  },
);

test("neither token nor body can be read from a failure", async () => {
  recordedGitHub()
    .post(`${AT}/issues/7/comments`)
    .reply(422, { message: "Invalid", errors: [SECRET_BODY] });
  const failure = await failureOf(writeGitHub("comment on 7", comment));
  const everything = `${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`;
  expect(everything).not.toContain(TOKEN);
  expect(everything).not.toContain("sk-secret");
});

test("what writes is sent once, even where the server stumbles", async () => {
  recordedGitHub()
    .post(`${AT}/issues/7/comments`)
    .reply(502, {})
    .post(`${AT}/issues/7/comments`)
    .reply(201, {});
  await failureOf(writeGitHub("comment on 7", comment));
  expect(nock.pendingMocks()).toHaveLength(1);
});

test("what reads is asked again where the server stumbles", async () => {
  recordedGitHub().get(`${AT}/issues/7`).reply(502, {}).get(`${AT}/issues/7`).reply(200, { number: 7 });
  expect(await readGitHub("read the issue 7", readIssue)).toEqual({ number: 7 });
});

test("a limit is not waited for inside the process", async () => {
  recordedGitHub()
    .get(`${AT}/issues/7`)
    .reply(429, { message: "Too many" }, { "retry-after": "1" })
    .get(`${AT}/issues/7`)
    .reply(200, { number: 7 });
  expect(await failureOf(readGitHub("read the issue 7", readIssue))).toMatchObject({ retryAfterMs: 1_000 });
  expect(nock.pendingMocks()).toHaveLength(1);
});

test.each([404, 410])("what GitHub does not know (%d) is undefined where that may be", async (status) => {
  recordedGitHub().get(`${AT}/issues/7`).reply(status, { message: "Not Found" });
  expect(await findOnGitHub("read the issue 7", readIssue)).toBeUndefined();
});

test("no answer is said with the reason of the network, and may pass", async () => {
  nock(API)
    .post(`${AT}/issues/7/comments`)
    .replyWithError(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }));
  const failure = await failureOf(writeGitHub("comment on 7", comment));
  expect(failure).toMatchObject({ retryable: true, status: undefined });
  expect(failure.message).toContain("no answer (ECONNREFUSED); it is tried again");
});

test.each([
  { called: "the page of a proxy", body: "<html>Sign in</html>", type: "text/html" },
  { called: "an answer that breaks off", body: '{"number": 7, "title": "It ref', type: "application/json" },
])("$called is a failure that may pass, not an issue", async ({ body, type }) => {
  recordedGitHub().post(`${AT}/issues/7/comments`).reply(200, body, { "content-type": type });
  expect(await failureOf(writeGitHub("comment on 7", comment))).toMatchObject({
    retryable: true,
    status: 200,
  });
});

test("a fault of ours stays a fault of ours", async () => {
  const call = () => Promise.reject(new TypeError("undefined is not a function"));
  await expect(writeGitHub("comment on 7", call)).rejects.toThrow(TypeError);
});
