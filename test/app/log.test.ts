import { expect, test } from "@jest/globals";
import { knownSecrets } from "../../src/app/known-secrets.ts";
import { createLogger } from "../../src/app/log.ts";
import { aPrivateKey } from "../build/keys.ts";
import { aReadableLog } from "../build/log.ts";

const SECRET = 'correct/horse+"battery"';

test.each([
  ["plain", SECRET],
  ["inside an address", encodeURIComponent(SECRET)],
  ["in base64", Buffer.from(SECRET).toString("base64")],
  ["in base64 for addresses", Buffer.from(SECRET).toString("base64url")],
])("a secret leaves the process in no line, %s", (_how, form) => {
  const { log, text } = aReadableLog([SECRET]);
  log.error({ err: new Error(`calling https://x/?key=${form}`), nested: { deep: [form] } }, `with ${form}`);
  expect(text()).toContain("[secret]");
  expect(text()).not.toContain(form);
  expect(text()).not.toContain(JSON.stringify(form).slice(1, -1));
});

test("no line of a private key leaves the process", () => {
  const key = aPrivateKey();
  const { log, text } = aReadableLog([key]);
  log.info({ key, oneLine: key.split("\n")[3] });
  const bodies = key.split("\n").filter((line) => line.length > 32);
  expect(bodies.filter((line) => text().includes(line))).toEqual([]);
});

test("what usually holds a secret is hidden although nobody named the value", () => {
  const { log, lines } = aReadableLog();
  log.info({
    request: { headers: { authorization: "Bearer abc" } },
    app: { privateKey: "k" },
    payload: { body: "x" },
  });
  expect(lines()).toEqual([
    expect.objectContaining({
      request: { headers: { authorization: "[secret]" } },
      app: { privateKey: "[secret]" },
      payload: "[secret]",
    }),
  ]);
});

test.each([
  { format: "auto", isTTY: true, isJson: false },
  { format: "auto", isTTY: false, isJson: true },
  { format: "json", isTTY: true, isJson: true },
  { format: "pretty", isTTY: false, isJson: false },
] as const)("format $format where a terminal is $isTTY: JSON is $isJson", ({ format, isTTY, isJson }) => {
  const kept: string[] = [];
  const sink = { isTTY, write: (text: string) => kept.push(text) };
  createLogger({ level: "info", format, secrets: knownSecrets([]), sink }).info("hello");
  expect(kept.join("")).toContain("hello");
  expect(kept.join("").startsWith("{")).toBe(isJson);
});

test("a failure that carries a whole webhook is logged without it", () => {
  const { log, text, lines } = aReadableLog();
  const event = { id: "d1", payload: { issue: { body: "a customer's story" } } };
  log.error({ err: Object.assign(new Error("a handler failed"), { event }) }, "failed");
  expect(lines()).toEqual([
    expect.objectContaining({ err: expect.objectContaining({ message: "a handler failed" }) }),
  ]);
  expect(text()).not.toContain("a customer's story");
});

test("causes of causes, lists and numbers hold no secret either, and each line stays JSON", () => {
  const { log, text, lines } = aReadableLog([SECRET, "73194655012"]);
  const inner = new Error(`at the root: ${SECRET}`);
  const gathered = new AggregateError([new Error(Buffer.from(SECRET).toString("hex"))], "several");
  log.error(
    { err: new Error("outer", { cause: new Error("middle", { cause: inner }) }), n: 73194655012 },
    "failed",
  );
  log.error({ err: gathered, [`key ${SECRET}`]: true });
  expect(lines().map(({ msg }) => msg)).toEqual(["failed", "several"]);
  for (const form of [SECRET, "73194655012", Buffer.from(SECRET).toString("hex")])
    expect(text()).not.toContain(form);
});

test("a token is hidden as long as it lives, however many came since, and no longer kept after that", () => {
  const HOUR_MS = 60 * 60_000;
  let nowMs = 0;
  const secrets = knownSecrets([], () => nowMs);
  secrets.learn("the-first-token-of-all");
  nowMs = HOUR_MS;
  for (let other = 0; other < 1_500; other += 1) secrets.learn(`another-token-${other}`);
  expect(secrets.strip("the-first-token-of-all")).toBe("[secret]");
  nowMs = 1.5 * HOUR_MS;
  secrets.learn("the-last-token-of-all");
  expect(secrets.strip("the-first-token-of-all")).toBe("the-first-token-of-all");
  expect(secrets.strip("another-token-7")).toBe("[secret]");
});

test("a secret that the process was given later is hidden from then on", () => {
  const secrets = knownSecrets([]);
  const kept: string[] = [];
  const sink = { write: (text: string) => kept.push(text) };
  const log = createLogger({ level: "info", format: "json", secrets, sink });
  secrets.learn("a-token-of-today");
  log.info(`got ${Buffer.from("x-access-token:a-token-of-today").toString("base64")}`);
  expect(kept.join("")).toContain("[secret]");
});
