import { writeGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { collectPages, PER_PAGE } from "./collect-pages.ts";
import { cutText, sameText } from "./cut-text.ts";

/** GitHub refuses a comment of more than 65,536 characters. */
const COMMENT_BYTES_MAX = 65_535;
const KIND = /^[a-z0-9-]{1,40}$/;

interface OwnComment {
  readonly id: number;
  readonly body: string;
  readonly url: string;
}

/** Brings our one comment of this kind to this text; where it says so already nothing is sent. */
export async function publishComment(
  access: RepositoryAccess,
  number: number,
  kind: string,
  body: string,
): Promise<string> {
  const { client, owner, repo } = access;
  const text = cutText(`${markerOf(kind)}\n${body}`, COMMENT_BYTES_MAX);
  const existing = await findComment(access, number, kind);
  if (existing === undefined) {
    const created = await writeGitHub(`comment on ${number}`, () =>
      client.rest.issues.createComment({ owner, repo, issue_number: number, body: text }),
    );
    return created.html_url;
  }
  if (!sameText(existing.body, text)) {
    await writeGitHub(`update the comment on ${number}`, () =>
      client.rest.issues.updateComment({ owner, repo, comment_id: existing.id, body: text }),
    );
  }
  return existing.url;
}

async function findComment(
  access: RepositoryAccess,
  number: number,
  kind: string,
): Promise<OwnComment | undefined> {
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
  return own === undefined ? undefined : { id: own.id, body: own.body ?? "", url: own.html_url };
}

function markerOf(kind: string): string {
  if (!KIND.test(kind))
    throw new Error(`a comment's kind is lower-case letters, digits and dashes, got ${kind}`);
  return `<!-- incident-to-eval:${kind} -->`;
}
