import { changeOnGitHub, writeGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { collectPages, PER_PAGE } from "./collect-pages.ts";
import { createOnce } from "./create-once.ts";
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
  const { value: url } = await createOnce(access, {
    key: `comment ${number} ${kind}`,
    called: `the comment on ${number}`,
    // Sent also where it may say so already: what GitHub shows of it lags, and an update that changes nothing tells nobody.
    async take(id) {
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
  return url;
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
