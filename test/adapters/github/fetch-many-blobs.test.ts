import { createHash } from "node:crypto";
import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { fetchTexts } from "../../../src/adapters/github/fetch-texts.ts";
import { memoryBlobs } from "../../../src/adapters/github/memory-blobs.ts";
import { tokenOctokit } from "../../../src/adapters/github/octokit.ts";
import { RateLimits } from "../../../src/adapters/github/rate-limits.ts";
import type { TreeEntry } from "../../../src/core/suite/snapshot.ts";
import { API, AT, listeningLog, recordedAccess, recordedGitHub, TOKEN } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

function idOf(content: string, algorithm = "sha1"): string {
  return createHash(algorithm)
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest("hex");
}

/** So many files, each with a content of its own. */
function files(count: number, contentOf = (index: number) => `id: fixture-${index} ä\n`) {
  const contents = new Map<string, string>();
  const entries = Array.from({ length: count }, (_, index): TreeEntry => {
    const content = contentOf(index);
    contents.set(idOf(content), content);
    return { path: `evals/${index}.yml`, sha: idOf(content), mode: "100644", size: content.length };
  });
  return { entries, contents };
}

type Answer = (sha: string) => string | null | undefined;

/** Answers questions for many files, and lists how many files each asked for. */
function answerQuestions(textOf: Answer, path = "/graphql"): number[] {
  const asked: number[] = [];
  recordedGitHub()
    .persist()
    .post(path)
    .reply(200, async (request: Request) => {
      const { query, variables } = JSON.parse(await request.text());
      expect(variables).toEqual({ owner: "acme", repo: "support-agent" });
      const objects = [...String(query).matchAll(/(f\d+):object\(oid:"([0-9a-f]+)"\)/g)];
      asked.push(objects.length);
      return {
        data: {
          repository: Object.fromEntries(
            objects.map(([, name = "", sha = ""]) => {
              const text = textOf(sha);
              return [name, text === undefined ? null : { text }];
            }),
          ),
        },
      };
    });
  return asked;
}

function answerOneByOne(contents: ReadonlyMap<string, string>, shas: readonly string[]): void {
  for (const sha of shas) {
    const content = Buffer.from(contents.get(sha) ?? "").toString("base64");
    recordedGitHub().get(`${AT}/git/blobs/${sha}`).reply(200, { sha, size: 1, content, encoding: "base64" });
  }
}

test("many files cost a question for each hundred, and nothing later", async () => {
  const { entries, contents } = files(250);
  const asked = answerQuestions((sha) => contents.get(sha));
  const access = recordedAccess();
  expect(await fetchTexts(access, entries)).toEqual(contents);
  expect(asked.sort()).toEqual([100, 100, 50]);
  nock.cleanAll();
  expect((await fetchTexts(access, entries)).size).toBe(250);
});

test("a question asks for no more bytes than an answer can hold in its time", async () => {
  const { entries, contents } = files(60);
  const asked = answerQuestions((sha) => contents.get(sha));
  await fetchTexts(
    recordedAccess(),
    entries.map((entry) => ({ ...entry, size: 100_000 })),
  );
  expect(asked.sort()).toEqual([20, 20, 20]);
});

test.each<readonly [string, (text: string) => string | null | undefined]>([
  ["cut", (text) => text.slice(0, 4)],
  ["changed", (text) => `${text}\n# approved`],
  ["no text", () => null],
  ["gone", () => undefined],
])("a file that the answer to the question shows as %s is read by itself", async (_, shown) => {
  const { entries, contents } = files(60);
  const odd = entries[7]?.sha ?? "";
  answerQuestions((sha) => {
    const text = contents.get(sha) ?? "";
    return sha === odd ? shown(text) : text;
  });
  answerOneByOne(contents, [odd]);
  expect(await fetchTexts(recordedAccess(), entries)).toEqual(contents);
});

test.each([404, 405, 422])(
  "where such questions are answered with %s, files are read one by one, and it is said once",
  async (status) => {
    const { entries, contents } = files(60);
    recordedGitHub().post("/graphql").times(3).reply(status, { message: "Not Found" });
    answerOneByOne(contents, [...contents.keys()]);
    const log = listeningLog();
    expect(await fetchTexts(recordedAccess({ log }), entries)).toEqual(contents);
    expect(log.said.filter((line) => line.includes("one by one"))).toHaveLength(1);
  },
);

test("few files are read by themselves, without a question that a server may not know", async () => {
  const { entries, contents } = files(50);
  answerOneByOne(contents, [...contents.keys()]);
  expect((await fetchTexts(recordedAccess(), entries)).size).toBe(50);
});

test("a limit half-way loses nothing that was read, and says when to come back", async () => {
  const { entries, contents } = files(150);
  const blobs = memoryBlobs();
  const objects = entries.slice(0, 100).map(({ sha }, index) => [`f${index}`, { text: contents.get(sha) }]);
  recordedGitHub()
    .post("/graphql")
    .reply(200, { data: { repository: Object.fromEntries(objects) } })
    .post("/graphql")
    .reply(200, { data: null, errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] });
  await expect(fetchTexts(recordedAccess({ blobs }), entries)).rejects.toMatchObject({
    retryable: true,
    retryAfterMs: 300_000,
  });
  nock.cleanAll();
  answerOneByOne(
    contents,
    entries.slice(100).map(({ sha }) => sha),
  );
  expect((await fetchTexts(recordedAccess({ blobs }), entries)).size).toBe(150);
});

test("GitHub Enterprise is asked beside its REST API, and ids of SHA-256 are held against as well", async () => {
  const log = listeningLog();
  const client = tokenOctokit(TOKEN, { baseUrl: `${API}/api/v3`, log, limits: new RateLimits() });
  const contents = new Map(
    Array.from({ length: 60 }, (_, index) => [idOf(`${index}`, "sha256"), `${index}`] as const),
  );
  const entries = [...contents.keys()].map((sha) => ({ path: sha, sha, mode: "100644", size: 2 }));
  answerQuestions((sha) => contents.get(sha), "/api/graphql");
  expect(await fetchTexts(recordedAccess({ client }), entries)).toEqual(contents);
});
