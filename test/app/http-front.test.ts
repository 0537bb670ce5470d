import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Front, startFront, WEBHOOK_BYTES_MAX, WEBHOOK_PATH } from "../../src/app/http-front.ts";
import type { Delivery } from "../../src/ports/delivery-store.ts";
import { ExternalFailure } from "../../src/ports/external-failure.ts";
import { A_WEBHOOK_SECRET } from "../build/keys.ts";
import { aReadableLog, type ReadableLog } from "../build/log.ts";
import { until } from "../build/until.ts";

const OLD_SECRET = A_WEBHOOK_SECRET.split("").reverse().join("");
const NOW = new Date("2026-11-21T10:00:00Z");
const BODY = JSON.stringify({ action: "opened", issue: { body: "a customer's secret story" } });

let front: Front;
let readable: ReadableLog;
let saved: Delivery[];
let saving: (delivery: Delivery) => Promise<"stored" | "already_waiting" | "already_processed">;
let reasons: string[];

beforeEach(async () => {
  saved = [];
  reasons = [];
  readable = aReadableLog();
  saving = async (delivery) => {
    saved.push(delivery);
    return "stored";
  };
  front = await start({ takesWebhooks: true });
});

afterEach(async () => {
  await front.stop();
});

function start({ takesWebhooks }: { takesWebhooks: boolean }): Promise<Front> {
  const webhooks = {
    secrets: [A_WEBHOOK_SECRET, OLD_SECRET],
    saveDelivery: (delivery: Delivery) => saving(delivery),
  };
  return startFront({
    host: "127.0.0.1",
    port: 0,
    webhooks: takesWebhooks ? webhooks : undefined,
    fetchReasonsNotReady: async () => reasons,
    pages: [
      {
        path: "/",
        respond: async () => ({ status: 200, headers: { "content-type": "text/html" }, body: "<p>hi" }),
      },
      {
        path: "/runs/*",
        respond: async ({ url }) => ({ status: 200, headers: {}, body: url.pathname + url.search }),
      },
      { path: "/broken", respond: () => Promise.reject(new Error("https://x/?key=SECRETKEY")) },
    ],
    log: readable.log,
    now: () => NOW,
  });
}

function signatureOf(body: string | Buffer, secret = A_WEBHOOK_SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** Posts a webhook that is right in everything that the test does not change. */
async function post(
  body: string | Buffer = BODY,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<{ status: number; text: string }> {
  const response = await postRaw(body, headers);
  return { status: response.status, text: await response.text() };
}

function postRaw(
  body: string | Buffer,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<Response> {
  const all = {
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "x-hub-signature-256": signatureOf(body),
    ...headers,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return fetch(front.url + WEBHOOK_PATH, {
    method: "POST",
    body: new Uint8Array(Buffer.from(body)),
    headers: given,
  });
}

describe("a webhook", () => {
  test("is stored as it came and answered with 202", async () => {
    expect((await post()).status).toBe(202);
    expect(saved).toEqual([
      { id: "72d3162e-cc78-11e3-81ab-4c9367dc0958", event: "issues", payload: BODY, receivedAt: NOW },
    ]);
  });

  test.each([
    ["already_waiting", 202],
    ["already_processed", 200],
  ] as const)("that is %s is answered with %i", async (result, status) => {
    saving = async () => result;
    expect((await post()).status).toBe(status);
  });

  test("whose id is no GUID is told from another one of the same id by its body", async () => {
    const other = BODY.replace("{", "{ ");
    for (const body of [BODY, other, BODY]) {
      expect((await post(body, { "x-github-delivery": "1795219200000" })).status).toBe(202);
    }
    const [first, second, again] = saved.map(({ id }) => id);
    expect(first).toMatch(/^1795219200000\.[0-9a-f]{16}$/);
    expect([second === first, again === first]).toEqual([false, true]);
  });

  test("may be signed with any of the secrets", async () => {
    expect((await post(BODY, { "x-hub-signature-256": signatureOf(BODY, OLD_SECRET) })).status).toBe(202);
  });

  test("keeps its bytes where they are more than ASCII", async () => {
    const body = JSON.stringify({ text: "Übergröße — 資料 \u{1F600}" });
    expect((await post(body)).status).toBe(202);
    expect(saved[0]?.payload).toBe(body);
  });

  test("may say a character set", async () => {
    expect((await post(BODY, { "content-type": "application/json; charset=utf-8" })).status).toBe(202);
  });

  test.each([
    ["no signature", { "x-hub-signature-256": undefined }],
    ["an empty signature", { "x-hub-signature-256": "" }],
    ["a signature with another secret", { "x-hub-signature-256": signatureOf(BODY, "development") }],
    ["a signature of another body", { "x-hub-signature-256": signatureOf(`${BODY} `) }],
    ["a SHA-1 signature", { "x-hub-signature-256": `sha1=${"0".repeat(40)}` }],
  ])("with %s is answered with 401, not stored and not logged", async (_what, headers) => {
    expect((await post(BODY, headers)).status).toBe(401);
    expect(saved).toEqual([]);
    expect(readable.text()).not.toContain("secret story");
  });

  test.each([
    ["no delivery id", BODY, { "x-github-delivery": undefined }],
    ["an odd delivery id", BODY, { "x-github-delivery": "a b<script>" }],
    ["no event name", BODY, { "x-github-event": undefined }],
    ["an odd event name", BODY, { "x-github-event": "../issues" }],
    ["a form as its body", BODY, { "content-type": "application/x-www-form-urlencoded" }],
    ["no content type", BODY, { "content-type": "" }],
    ["a body that is not JSON", "{oops", {}],
    ["a body that is no object", "[1]", {}],
    ["no body", "", {}],
  ])("with %s is answered with 400 and not stored", async (_what, body, headers) => {
    expect((await post(body, headers)).status).toBe(400);
    expect(saved).toEqual([]);
  });

  test("of exactly 25 MB is stored", async () => {
    const body = Buffer.alloc(WEBHOOK_BYTES_MAX, " ");
    body.write("{}", WEBHOOK_BYTES_MAX - 2);
    expect((await post(body)).status).toBe(202);
    expect(saved[0]?.payload).toHaveLength(WEBHOOK_BYTES_MAX);
  });

  test("that nests deeply, or names what means something to JavaScript, is stored as it came", async () => {
    const body = `{"__proto__":{"a":1},"constructor":{},"deep":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect((await post(body)).status).toBe(202);
    expect(saved[0]?.payload).toBe(body);
  });

  test("over 25 MB is answered with 413", async () => {
    expect((await post(Buffer.alloc(WEBHOOK_BYTES_MAX + 1, " "))).status).toBe(413);
    expect(saved).toEqual([]);
  });

  test("over 25 MB that does not say its size is answered with 413", async () => {
    expect(await postChunked(WEBHOOK_BYTES_MAX + 1)).toBe(413);
  });

  test("that finds no room beside large ones is told when to come again, and small ones are taken all the while", async () => {
    const held = Promise.withResolvers<"stored">();
    let waiting = 0;
    saving = (delivery) => {
      if (delivery.payload.length < 1_000) return Promise.resolve("stored");
      waiting += 1;
      return held.promise;
    };
    const large = Buffer.alloc(WEBHOOK_BYTES_MAX, " ");
    large.write("{}");
    const both = [post(large), post(large)];
    await until(() => waiting === 2);
    const third = await postRaw(large);
    expect([third.status, third.headers.get("retry-after")]).toEqual([503, "5"]);
    expect((await post()).status).toBe(202);
    held.resolve("stored");
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await post(large)).status).toBe(202);
  });

  test("that cannot be stored is answered with 503 and no inner detail", async () => {
    saving = () =>
      Promise.reject(new ExternalFailure("db at 10.0.0.7 is gone", { system: "database", retryable: true }));
    const { status, text } = await post();
    expect(status).toBe(503);
    expect(text).not.toContain("10.0.0.7");
  });

  test("leads to 404 where this process takes none", async () => {
    await front.stop();
    front = await start({ takesWebhooks: false });
    expect((await post()).status).toBe(404);
  });
});

function postChunked(bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(front.url + WEBHOOK_PATH, { method: "POST" }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    const chunk = Buffer.alloc(1024 * 1024, " ");
    for (let sent = 0; sent < bytes; sent += chunk.byteLength) request.write(chunk);
    request.end();
  });
}

describe("a page", () => {
  test.each([
    ["GET", "/health", 200],
    ["HEAD", "/health", 200],
    ["POST", "/health", 405],
    ["GET", "/ready", 200],
    ["GET", "/", 200],
    ["GET", "/runs/7?full=1", 200],
    ["GET", "/runs", 404],
    ["GET", "/nothing", 404],
    ["POST", "/nothing", 404],
    ["GET", "/broken", 500],
    ["GET", WEBHOOK_PATH, 405],
    ["DELETE", WEBHOOK_PATH, 405],
    ["GET", "//evil.example.com/health", 404],
  ])("%s %s is answered with %i", async (method, path, status) => {
    expect((await fetch(front.url + path, { method })).status).toBe(status);
  });

  test("says which methods are taken", async () => {
    expect((await fetch(front.url + WEBHOOK_PATH)).headers.get("allow")).toBe("POST");
    expect((await fetch(`${front.url}/health`, { method: "PUT" })).headers.get("allow")).toBe("GET, HEAD");
  });

  test("is told its address", async () => {
    expect(await (await fetch(`${front.url}/runs/7?full=1`)).text()).toBe("/runs/7?full=1");
  });

  test("has a length and no body for HEAD", async () => {
    const response = await fetch(front.url, { method: "HEAD" });
    expect(response.headers.get("content-length")).toBe("5");
    expect(await response.text()).toBe("");
  });

  test("that breaks shows nothing of why, and the log does", async () => {
    const text = await (await fetch(`${front.url}/broken`)).text();
    expect(text).not.toContain("SECRETKEY");
    expect(readable.lines()).toContainEqual(
      expect.objectContaining({ msg: "a request could not be answered" }),
    );
  });

  test("has the security headers", async () => {
    const { headers } = await fetch(front.url);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("/ready names the reasons why the process is not", async () => {
    reasons = ["the store cannot be written to"];
    const response = await fetch(`${front.url}/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: "not ready",
      reasons: ["the store cannot be written to"],
    });
  });
});
