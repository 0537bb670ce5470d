import { createHash } from "node:crypto";
import pLimit from "p-limit";
import { z } from "zod";
import type { TreeEntry } from "../../core/suite/snapshot.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import { isRefusal, readGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";

/** Files that one question asks for; GitHub gives ten seconds to an answer. */
const FILES_PER_QUESTION = 100;
/** Bytes of the files that one question asks for, as their tree tells them. */
const BYTES_PER_QUESTION = 2 * 1024 * 1024;
/** GitHub counts the time that questions of one app take together. */
const QUESTIONS_AT_ONCE = 3;
/** What a server answers that has no such API, or does not let us use it. */
const NOT_THERE = [400, 403, 404, 405, 410, 415, 422];
/** How GitHub says in an answer that its questions are used up. */
const LIMITED = "RATE_LIMITED";
const LIMITED_WAIT_MS = 5 * 60_000;

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

const answerSchema = z.object({
  data: z
    .object({
      repository: z.record(z.string(), z.object({ text: z.string().nullish() }).nullable()).nullable(),
    })
    .nullish(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string().optional() })).optional(),
});

/** Files by the id of their content. */
export type Contents = ReadonlyMap<string, Uint8Array>;

/**
 * Reads many files with a question for each hundred instead of one for each, and hands over each portion as it comes.
 *
 * What GitHub gives is held against the id of the content: texts that it changed, cut or left out, such as those
 * that are not UTF-8, are not handed over, and neither is anything where the server has no GraphQL.
 */
export async function fetchManyBlobs(
  access: RepositoryAccess,
  entries: readonly TreeEntry[],
  onPortion: (contents: Contents) => Promise<void>,
): Promise<void> {
  const [first, ...others] = questionsFor(entries.filter(({ sha }) => OBJECT_ID.test(sha)));
  if (first === undefined) return;
  try {
    // Whether there is such an API shows in the first answer.
    await onPortion(await ask(access, first));
  } catch (failure) {
    if (!isRefusal(failure, NOT_THERE)) throw failure;
    access.log.info(`${failure.message}; files are read one by one`);
    return;
  }
  const limit = pLimit(QUESTIONS_AT_ONCE);
  await limit.map(others, async (portion) => onPortion(await ask(access, portion)));
}

function questionsFor(entries: readonly TreeEntry[]): readonly (readonly TreeEntry[])[] {
  const portions: TreeEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = portions.at(-1);
    bytes += entry.size;
    if (last !== undefined && last.length < FILES_PER_QUESTION && bytes <= BYTES_PER_QUESTION) {
      last.push(entry);
    } else {
      portions.push([entry]);
      bytes = entry.size;
    }
  }
  return portions;
}

async function ask(access: RepositoryAccess, entries: readonly TreeEntry[]): Promise<Contents> {
  const { client, owner, repo } = access;
  const answer = await readGitHub(`read ${entries.length} files at once`, () =>
    client.request("POST /graphql", {
      // GitHub Enterprise has its two APIs beside each other.
      baseUrl: client.request.endpoint.DEFAULTS.baseUrl.replace(/\/v3$/, ""),
      query: questionText(entries),
      variables: { owner, repo },
    }),
  );
  const read = answerSchema.safeParse(answer);
  const { data, errors = [] } = read.success ? read.data : {};
  refuseLimit(errors);
  const objects = data?.repository ?? {};
  return new Map(
    entries.flatMap(({ sha }, index) => {
      const text = objects[nameOf(index)]?.text;
      const content = typeof text === "string" ? Buffer.from(text, "utf8") : undefined;
      return content !== undefined && isContentOf(sha, content) ? [[sha, content] as const] : [];
    }),
  );
}

function questionText(entries: readonly TreeEntry[]): string {
  const objects = entries.map(({ sha }, index) => `${nameOf(index)}:object(oid:"${sha}"){...on Blob{text}}`);
  return `query($owner:String!,$repo:String!){repository(owner:$owner,name:$repo){${objects.join(" ")}}}`;
}

function nameOf(index: number): string {
  return `f${index}`;
}

function refuseLimit(errors: readonly { readonly type?: string | undefined }[]): void {
  if (!errors.some(({ type }) => type === LIMITED)) return;
  throw new ExternalFailure("GitHub could not read files at once: its limit for such questions is reached", {
    system: "github",
    retryable: true,
    retryAfterMs: LIMITED_WAIT_MS,
  });
}

/** Tells whether git names a content by this id. */
function isContentOf(sha: string, content: Uint8Array): boolean {
  const hash = createHash(sha.length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${content.byteLength}\0`).update(content).digest("hex") === sha;
}
