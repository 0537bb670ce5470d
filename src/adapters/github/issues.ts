import type { Issues } from "../../ports/issues.ts";
import { findOnGitHub, isRefusal, writeGitHub } from "./call-github.ts";
import { loginOf, type RepositoryAccess } from "./client.ts";
import { publishComment } from "./comments.ts";

/** Reads issues and keeps our comments on them. */
export function githubIssues(access: RepositoryAccess): Issues {
  const { client, owner, repo, log } = access;

  return {
    async fetchIssue(number) {
      const found = await findOnGitHub(`read the issue ${number}`, () =>
        client.rest.issues.get({ owner, repo, issue_number: number }),
      );
      // A transferred issue is answered from where it is now.
      if (found === undefined || found.pull_request != null || found.number !== number) return undefined;
      return {
        number,
        title: found.title,
        body: found.body ?? "",
        author: loginOf(found.user),
        state: found.state === "open" ? "open" : "closed",
        labels: found.labels.map((label) => (typeof label === "string" ? label : (label.name ?? ""))),
        url: found.html_url,
        updatedAt: new Date(found.updated_at),
      };
    },

    publishComment: (number, kind, body) => publishComment(access, number, kind, body),

    async react(commentId, reaction) {
      try {
        await writeGitHub(`react to the comment ${commentId}`, () =>
          client.rest.reactions.createForIssueComment({
            owner,
            repo,
            comment_id: commentId,
            content: reaction,
          }),
        );
      } catch (failure) {
        if (!isRefusal(failure, [403, 404, 410])) throw failure;
        tellOnce(log, "Reactions are not offered here; commands work without them");
      }
    },
  };
}

/** What was said already, for each log: an optional endpoint that is missing stays missing. */
const told = new WeakMap<RepositoryAccess["log"], Set<string>>();

function tellOnce(log: RepositoryAccess["log"], message: string): void {
  const said = told.get(log) ?? new Set();
  told.set(log, said);
  if (said.has(message)) return;
  said.add(message);
  log.info(message);
}
