import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { fetchTexts } from "../../../src/adapters/github/fetch-texts.ts";
import { memoryBlobs } from "../../../src/adapters/github/memory-blobs.ts";
import type { TreeEntry } from "../../../src/core/suite/snapshot.ts";
import { AT, recordedAccess, recordedGitHub } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

function entry(path: string, sha: string, change: Partial<TreeEntry> = {}): TreeEntry {
  return { path, sha, mode: "100644", size: 5, ...change };
}

function answerBlob(sha: string, content: Uint8Array | string, size = content.length) {
  // GitHub breaks its base64 into lines.
  const encoded = Buffer.from(content)
    .toString("base64")
    .replace(/(.{60})/g, "$1\n");
  recordedGitHub()
    .get(`${AT}/git/blobs/${sha}`)
    .reply(200, { sha, node_id: "B", size, url: "", content: `${encoded}\n`, encoding: "base64" });
}

test("one content under two paths is fetched once, and later not at all", async () => {
  const access = recordedAccess();
  answerBlob("b1", "hello");
  const entries = [entry("a.md", "b1"), entry("b.md", "b1")];
  expect(await fetchTexts(access, entries)).toEqual(new Map([["b1", "hello"]]));
  expect(await fetchTexts(access, entries)).toEqual(new Map([["b1", "hello"]]));
});

test.each([
  { called: "a long text", content: "ä✓ ".repeat(200), text: "ä✓ ".repeat(200) },
  { called: "bytes that are not UTF-8", content: Uint8Array.of(0x61, 0xff, 0x62), text: "a\uFFFDb" },
  { called: "a byte order mark", content: "\uFEFFid: x", text: "id: x" },
  { called: "nothing", content: "", text: "" },
])("$called is read as text", async ({ content, text }) => {
  answerBlob("b1", content);
  expect((await fetchTexts(recordedAccess(), [entry("a.md", "b1")])).get("b1")).toBe(text);
});

test("more files than one portion are all read and kept", async () => {
  const blobs = memoryBlobs();
  const entries = Array.from({ length: 130 }, (_, index) => entry(`f${index}.md`, `b${index}`));
  for (const { sha } of entries) answerBlob(sha, `content of ${sha}`);
  const texts = await fetchTexts(recordedAccess({ blobs }), entries);
  expect(texts.size).toBe(130);
  expect(texts.get("b129")).toBe("content of b129");
  expect((await blobs.fetchBlobs(["b0", "b129"])).size).toBe(2);
});

test.each([
  { got: "2000000", unreadable: entry("kb/all.md", "b1", { size: 2_000_000 }) },
  { got: "a submodule", unreadable: entry("kb", "b1", { mode: "160000", size: 0 }) },
])("$got is refused before anything is fetched", async ({ got, unreadable }) => {
  await expect(fetchTexts(recordedAccess(), [unreadable])).rejects.toMatchObject({
    retryable: false,
    message: expect.stringContaining(`got ${got}`),
  });
});

test("a file that turns out larger than its tree said is refused", async () => {
  answerBlob("b1", "x".repeat(1_100_000));
  await expect(fetchTexts(recordedAccess(), [entry("a.md", "b1")])).rejects.toThrow("We could not read a.md");
});

test("memory keeps what was read last, within its bytes", async () => {
  const blobs = memoryBlobs(10);
  await blobs.saveBlobs(new Map([["old", new Uint8Array(6)]]));
  await blobs.saveBlobs(new Map([["new", new Uint8Array(6)]]));
  expect([...(await blobs.fetchBlobs(["old", "new"])).keys()]).toEqual(["new"]);
});
