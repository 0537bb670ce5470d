import { createHash } from "node:crypto";
import { changeOnGitHub, findOnGitHub, writeGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { collectPages, PER_PAGE } from "./collect-pages.ts";
import { createOnce, creationKey } from "./create-once.ts";
import { cutText } from "./cut-text.ts";

/** GitHub refuses a comment of more than 65,536 characters. */
const COMMENT_BYTES_MAX = 65_535;
const KIND = /^[a-z0-9-]{1,40}$/;

/** Brings our one comment of this kind to this text, and creates it where there is none. */
export async function publishComment(
  access: RepositoryAccess,
  number: number,
  kind: string,
  body: string,
): Promise<string> {
  const { client, owner, repo } = access;
  const text = cutText(`${markerOf(kind)}\n${body}`, COMMENT_BYTES_MAX);
  const key = `comment ${number} ${kind}`;
  const said = createHash("sha256").update(text).digest("hex");
  const { value: url } = await createOnce(access, {
    key,
    called: `the comment on ${number}`,
    async take(id) {
      const standing = await findSaying(access, key, said, { id, text, number });
      if (standing !== undefined) return standing;
      const updated = await changeOnGitHub(`update the comment on ${number}`, () =>
        client.rest.issues.updateComment({ owner, repo, comment_id: Number(id), body: text }),
      );
      return updated?.html_url;
    },
    async find() {
      const id = await findComment(access, number, kind);
      return id === undefined ? undefined : { id };
    },
    async create() {
      const { id, html_url } = await writeGitHub(`comment on ${number}`, () =>
        client.rest.issues.createComment({ owner, repo, issue_number: number, body: text }),
      );
      return { id, value: html_url };
    },
  });
  await access.creations.noteSaid(creationKey(access, key), said);
  return url;
}

/**
 * The address of our comment where it says this already: an edit would be shown as one.
 *
 * What GitHub shows lags behind what it was told, so it alone does not tell: what we told it last has to be the same.
 */
async function findSaying(
  { client, owner, repo, creations }: RepositoryAccess,
  key: string,
  said: string,
  { id, text, number }: { readonly id: string; readonly text: string; readonly number: number },
): Promise<string | undefined> {
  const noted = await creations.fetchCreation(creationKey({ owner, repo }, key));
  if (noted?.said !== said) return undefined;
  const shown = await findOnGitHub(`read the comment on ${number}`, () =>
    client.rest.issues.getComment({ owner, repo, comment_id: Number(id) }),
  );
  return shown !== undefined && asKept(shown.body ?? "") === asKept(text) ? shown.html_url : undefined;
}

/** A text without what a server may change about it and nobody sees. */
function asKept(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}

async function findComment(
  access: RepositoryAccess,
  number: number,
  kind: string,
): Promise<string | undefined> {
  const { client, owner, repo } = access;
  const marker = markerOf(kind);
  const [identity, comments] = await Promise.all([
    access.fetchIdentity(),
    collectPages(
      `list the comments on ${number}`,
      (page) =>
        client.rest.issues.listComments({ owner, repo, issue_number: number, per_page: PER_PAGE, page }),
      (page) => page,
    ),
  ]);
  // Anyone can write our marker, and what we quote may hold it: only the first line of our own comments counts.
  const own = comments.find(
    (comment) => comment.user?.login === identity.login && comment.body?.startsWith(marker),
  );
  return own === undefined ? undefined : String(own.id);
}

function markerOf(kind: string): string {
  if (!KIND.test(kind))
    throw new Error(`a comment's kind is lower-case letters, digits and dashes, got ${kind}`);
  return `<!-- incident-to-eval:${kind} -->`;
}
