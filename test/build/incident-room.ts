import type { Files } from "../../src/adapters/emulator/read-folder.ts";
import type { RunningApp } from "./running-app.ts";

const QUIET_MS = 1_500;

/** A pull request that proposes fixtures, with its files as they stand on its branch. */
export interface DraftedPullRequest {
  readonly number: number;
  readonly state: string;
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly sha: string;
  /** Texts under `evals/` that its branch adds or changes, by path. */
  readonly files: Files;
  /** Everything else that its branch adds or changes. */
  readonly otherPaths: readonly string[];
}

/** What a test of incidents does and sees on GitHub. */
export interface IncidentRoom {
  /** The pull requests for an issue, oldest first. */
  drafts(issue: number): Promise<readonly DraftedPullRequest[]>;
  /** Waits for the one pull request for an issue. */
  draft(issue: number): Promise<DraftedPullRequest>;
  /** Our comments on an issue. */
  comments(issue: number): Promise<readonly string[]>;
  /** Waits until our answer on an issue holds a text. */
  answerWith(issue: number, text: string): Promise<string>;
  edit(issue: number, body: string, by: string): Promise<void>;
  say(issue: number, line: string, by: string): Promise<void>;
  /** Waits until nothing happens any more. */
  quiet(): Promise<void>;
}

/** Gives the eyes and hands of a test on a running app's issues and pull requests. */
export function incidentRoom(app: RunningApp): IncidentRoom {
  const { owner, name: repo } = app.emulator.repository;
  const at = { owner, repo };
  const { octokit } = app.person(app.emulator.ownerLogin);

  async function textsAt(ref: string): Promise<ReadonlyMap<string, string>> {
    const { data } = await octokit.rest.git.getTree({ ...at, tree_sha: ref, recursive: "true" });
    return new Map(
      data.tree.flatMap(({ path, sha, type }) => (type === "blob" && path && sha ? [[path, sha]] : [])),
    );
  }

  async function textOf(sha: string): Promise<string> {
    const { data } = await octokit.rest.git.getBlob({ ...at, file_sha: sha });
    return Buffer.from(data.content, "base64").toString("utf8");
  }

  async function drafts(issue: number): Promise<readonly DraftedPullRequest[]> {
    const { data } = await octokit.rest.pulls.list({ ...at, state: "all", per_page: 100 });
    const ours = data.filter(({ head }) => head.ref === `incident-to-eval/issue-${issue}`);
    const main = await textsAt("main");
    return await Promise.all(
      ours.map(async ({ number, state, title, body, head }) => {
        // The emulator keeps a pull request's head as it was opened; its branch says where it is now.
        const branch = await octokit.rest.git.getRef({ ...at, ref: `heads/${head.ref}` });
        const sha = branch.data.object.sha;
        const changed = [...(await textsAt(sha))].filter(([path, blob]) => main.get(path) !== blob);
        const fixtures = changed.filter(([path]) => path.startsWith("evals/"));
        const texts = await Promise.all(
          fixtures.map(async ([path, blob]) => [path, await textOf(blob)] as const),
        );
        const otherPaths = changed.map(([path]) => path).filter((path) => !path.startsWith("evals/"));
        const files = Object.fromEntries(texts);
        return { number, state, title, body: body ?? "", branch: head.ref, sha, files, otherPaths };
      }),
    );
  }

  async function comments(issue: number): Promise<readonly string[]> {
    const { data } = await octokit.rest.issues.listComments({ ...at, issue_number: issue, per_page: 100 });
    return data.map(({ body }) => body ?? "").filter((body) => body.startsWith("<!-- incident-to-eval:"));
  }

  return {
    drafts,
    comments,
    async draft(issue) {
      await app.eventually(`draft of #${issue}`, async () => (await drafts(issue))[0]);
      const [only, ...others] = await drafts(issue);
      if (only === undefined || others.length > 0) throw new Error(`expected one draft of #${issue}`);
      return only;
    },
    answerWith: (issue, text) =>
      app.eventually(`answer on #${issue} with "${text}"`, async () =>
        (await comments(issue)).find((body) => body.includes(text)),
      ),
    async edit(issue, body, by) {
      await app.person(by).octokit.rest.issues.update({ ...at, issue_number: issue, body });
    },
    async say(issue, line, by) {
      await app.person(by).octokit.rest.issues.createComment({ ...at, issue_number: issue, body: line });
    },
    async quiet() {
      let [seen, since] = [app.log().length, Date.now()];
      await app.eventually("quiet", async () => {
        const now = app.log().length;
        if (now !== seen) [seen, since] = [now, Date.now()];
        return Date.now() - since >= QUIET_MS ? true : undefined;
      });
    },
  };
}
