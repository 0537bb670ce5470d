import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import {
  AlreadyThere,
  changeOnGitHub,
  findOnGitHub,
  readGitHub,
  writeGitHub,
} from "../../../src/adapters/github/call-github.ts";
import { TokenRefused } from "../../../src/adapters/github/fresh-token.ts";
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
  {
    called: "the key of another App",
    status: 401,
    message: "A JSON web token could not be decoded",
    retryable: false,
    says: "check APP_ID and the private key",
  },
  {
    called: "a clock that is wrong",
    status: 401,
    message:
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    retryable: false,
    says: "the clock of this server is wrong",
  },
  {
    called: "an installation that is suspended",
    status: 403,
    message: "This installation has been suspended",
    retryable: false,
    says: "an owner has to allow it again",
  },
  {
    called: "what was deleted",
    status: 410,
    message: "This issue was deleted",
    retryable: false,
    says: "it was deleted, or is switched off",
  },
  {
    called: "what is withheld",
    status: 451,
    message: "Repository access blocked",
    retryable: false,
    says: "legal reasons",
  },
  {
    called: "a request that took too long",
    status: 408,
    message: "Request Timeout",
    retryable: true,
    says: "status 408",
  },
  {
    called: "too many requests, with the time of the reset",
    status: 429,
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOON_SECONDS + 30), date: NOON },
    message: "API rate limit exceeded",
    retryable: true,
    retryAfterMs: 31_000,
    says: "tried again in 31 s",
  },
  {
    called: "a retry-after that is a date, which is not believed",
    status: 429,
    headers: { "retry-after": NOON },
    message: "Too many",
    retryable: true,
    retryAfterMs: 60_000,
    says: "limits our rate",
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

test("whom GitHub limits is not asked for anything until the time is over", async () => {
  const access = recordedAccess();
  const { client } = access;
  recordedGitHub()
    .get(`${AT}/issues/7`)
    .reply(403, { message: "You have exceeded a secondary rate limit." }, { "retry-after": "90" })
    .post(`${AT}/issues/7/comments`)
    .reply(201, {});
  const place = { owner: "acme", repo: "support-agent", issue_number: 7 };
  await failureOf(readGitHub("read the issue 7", () => client.rest.issues.get(place)));
  const failure = await failureOf(
    writeGitHub("comment on 7", () => client.rest.issues.createComment({ ...place, body: "Hello" })),
  );
  expect(failure).toMatchObject({ retryable: true, status: undefined });
  expect(failure.retryAfterMs).toBeGreaterThan(60_000);
  expect(failure.message).toContain("it limits our rate and was not asked; it is tried again in 90 s");
  expect(nock.pendingMocks()).toHaveLength(1);
});

test("what GitHub holds already is told apart from what it does not take", async () => {
  recordedGitHub()
    .post(`${AT}/issues/7/comments`)
    .reply(422, { message: "Reference already exists" })
    .post(`${AT}/issues/7/comments`)
    .reply(422, { message: "Validation Failed", errors: ["A pull request already exists for acme:x."] })
    .post(`${AT}/issues/7/comments`)
    .reply(422, { message: "Validation Failed", errors: [{ field: "head", code: "invalid" }] });
  expect(await failureOf(writeGitHub("create the branch", comment))).toBeInstanceOf(AlreadyThere);
  expect(await failureOf(writeGitHub("open it", comment))).toBeInstanceOf(AlreadyThere);
  expect(await failureOf(writeGitHub("open it", comment))).not.toBeInstanceOf(AlreadyThere);
});

test("a change of what is gone is undefined, and any other failure stays one", async () => {
  recordedGitHub()
    .post(`${AT}/issues/7/comments`)
    .reply(404, { message: "Not Found" })
    .post(`${AT}/issues/7/comments`)
    .reply(403, { message: "Forbidden" });
  expect(await changeOnGitHub("comment on 7", comment)).toBeUndefined();
  expect(await failureOf(changeOnGitHub("comment on 7", comment))).toMatchObject({ status: 403 });
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

test("a fresh token that GitHub does not accept either may pass", async () => {
  const answer = { status: 401, headers: { "x-github-request-id": "D5F2" }, data: {} };
  const failure = await failureOf(
    writeGitHub("comment on 7", () => Promise.reject(new TokenRefused(answer))),
  );
  expect(failure).toMatchObject({ retryable: true, status: 401 });
  expect(failure.message).toContain(
    "status 401, request D5F2): it does not accept the token of the installation",
  );
});

test("a fault of ours stays a fault of ours", async () => {
  const call = () => Promise.reject(new TypeError("undefined is not a function"));
  await expect(writeGitHub("comment on 7", call)).rejects.toThrow(TypeError);
});
