import { basename, extname } from "node:path";
import { createUserGitHub } from "../adapters/github/github-app.ts";
import type { WrittenIncident } from "../app/jobs/draft-incident.ts";
import { type Terminal, UsageError } from "./command.ts";
import { readNamedFile } from "./read-file.ts";

const ISSUE_URL = /^https?:\/\/[^/]+\/([A-Za-z0-9._-]+)\/([A-Za-z0-9._-]+)\/issues\/(\d{1,9})(?:[#?].*)?$/;
const GITHUB_API_URL = "https://api.github.com";
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** An incident that was read, with its issue where it stands in one. */
export interface ReadIncident extends Omit<WrittenIncident, "number"> {
  readonly issue: number | undefined;
}

/** Reads an incident from a Markdown file, or from an issue on GitHub by its address. */
export async function readIncident(
  source: string,
  given: { readonly issue: number | undefined; readonly title: string | undefined },
  terminal: Terminal,
): Promise<ReadIncident> {
  const address = ISSUE_URL.exec(source);
  if (address !== null) return await readIssue(address, given.title, terminal);
  const body = await readNamedFile(source, terminal);
  return {
    issue: given.issue,
    url: basename(source),
    title: given.title ?? /^\s*# +(\S.*)/.exec(body)?.[1] ?? basename(source, extname(source)),
    body,
    author: "",
  };
}

async function readIssue(
  [url, owner = "", repo = "", number]: RegExpExecArray,
  title: string | undefined,
  { environment }: Terminal,
): Promise<ReadIncident> {
  const token = environment.GITHUB_TOKEN ?? environment.GH_TOKEN;
  if (token === undefined || token === "") {
    throw new UsageError(
      "reading an issue needs GITHUB_TOKEN: a token that may read the issues of the repository",
    );
  }
  const baseUrl = environment.GITHUB_API_URL ?? GITHUB_API_URL;
  const github = createUserGitHub({ token, baseUrl, owner, repo, log: SILENT });
  const issue = await github.issues.fetchIssue(Number(number));
  if (issue === undefined) {
    throw new UsageError(`there is no issue #${number} in ${owner}/${repo} that this token may read`);
  }
  return { issue: issue.number, url, title: title ?? issue.title, body: issue.body, author: issue.author };
}
