import { expect, test } from "@jest/globals";
import { callDatabase } from "../../../src/adapters/postgres/call-database.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";

const failureOf = (failure: object) =>
  callDatabase("read a thing", () => Promise.reject(Object.assign(new Error("it went wrong"), failure))).then(
    () => undefined,
    (cause: unknown) => cause,
  );

test.each([
  { what: "a refused connection", failure: { code: "ECONNREFUSED" }, retryable: true },
  { what: "a server that shuts down", failure: { code: "57P01" }, retryable: true },
  { what: "a deadlock", failure: { code: "40P01" }, retryable: true },
  { what: "a full disk", failure: { code: "53100" }, retryable: true },
  {
    what: "a connection that ended",
    failure: { message: "Connection terminated unexpectedly" },
    retryable: true,
  },
  { what: "a wrong password", failure: { code: "28P01" }, retryable: false },
  { what: "a database that is not there", failure: { code: "3D000" }, retryable: false },
])("$what is a failure of the outside, retryable $retryable", async ({ failure, retryable }) => {
  const restated = await failureOf(failure);
  expect(restated).toBeInstanceOf(ExternalFailure);
  expect(restated).toMatchObject({ system: "database", retryable });
});

test("says what could not be done, also where the driver gives no message", async () => {
  expect(await failureOf({ code: "ECONNREFUSED", message: "" })).toMatchObject({
    message: "The database could not read a thing: ECONNREFUSED",
  });
});

test.each([
  { what: "a statement that is wrong", failure: { code: "42601" } },
  { what: "a value that breaks a rule", failure: { code: "23505" } },
  { what: "a mistake of ours", failure: {} },
])("$what stays our bug", async ({ failure }) => {
  const cause = await failureOf(failure);
  expect(cause).not.toBeInstanceOf(ExternalFailure);
  expect(cause).toMatchObject({ message: "it went wrong" });
});
