import type { Octokit, RestEndpointMethodTypes } from "@octokit/rest";

const LISTED_MAX = 100;
const COMMENTS_MAX = 100;
const ANNOTATIONS_MAX = 50;

type Data<
  T extends keyof RestEndpointMethodTypes,
  M extends keyof RestEndpointMethodTypes[T],
> = RestEndpointMethodTypes[T][M] extends { response: { data: infer D } } ? D : never;

type Issue = Data<"issues", "get">;
type Pull = Data<"pulls", "get">;
type Comment = Data<"issues", "listComments">[number];
export type CheckRun = Data<"checks", "listForRef">["check_runs"][number];
export type Annotation = Data<"checks", "listAnnotations">[number];
export type ChangedFile = NonNullable<Data<"repos", "compareCommitsWithBasehead">["files"]>[number];

/** A check run with its remarks. */
export interface ShownCheck {
  readonly run: CheckRun;
  readonly annotations: readonly Annotation[];
}

/** What the front page shows. */
export interface RepositoryView {
  readonly description: string;
  readonly issues: readonly Data<"issues", "listForRepo">[number][];
  readonly pulls: readonly {
    readonly pull: Data<"pulls", "list">[number];
    readonly checks: readonly CheckRun[];
  }[];
  readonly paths: readonly string[];
}

/** What the page of an issue shows. */
export interface IssueView {
  readonly issue: Issue;
  readonly comments: readonly Comment[];
}

/** What the page of a pull request shows. */
export interface PullView {
  readonly pull: Pull;
  readonly comments: readonly Comment[];
  readonly checks: readonly ShownCheck[];
  readonly files: readonly ChangedFile[];
  /** Names of the checks without which the base branch takes no merge. */
  readonly required: readonly string[];
}

/** Reads from a GitHub what the pages of one repository show. */
export class Reader {
  readonly #octokit: Octokit;
  readonly #at: { readonly owner: string; readonly repo: string };

  constructor(octokit: Octokit, at: { readonly owner: string; readonly repo: string }) {
    this.#octokit = octokit;
    this.#at = at;
  }

  /** Reads the front page: issues and pull requests, newest first, and the files of `main`. */
  async repository(): Promise<RepositoryView> {
    const { rest } = this.#octokit;
    const listed = { ...this.#at, state: "all", per_page: LISTED_MAX } as const;
    const [repository, issues, pulls, tree] = await Promise.all([
      rest.repos.get(this.#at),
      rest.issues.listForRepo(listed),
      rest.pulls.list(listed),
      rest.git.getTree({ ...this.#at, tree_sha: "main", recursive: "1" }),
    ]);
    return {
      description: repository.data.description ?? "",
      issues: issues.data.filter((issue) => issue.pull_request === undefined),
      pulls: await Promise.all(
        pulls.data.map(async (pull) => ({ pull, checks: await this.#checksOf(pull.head.sha) })),
      ),
      paths: tree.data.tree.filter((entry) => entry.type === "blob").map((entry) => entry.path),
    };
  }

  /** Reads an issue with its comments; a pull request's number has none. */
  async issue(number: number): Promise<IssueView> {
    const [issue, comments] = await Promise.all([
      this.#octokit.rest.issues.get({ ...this.#at, issue_number: number }),
      this.#comments(number),
    ]);
    return { issue: issue.data, comments };
  }

  /** Reads a pull request with its comments, its changes and the checks of its head. */
  async pull(number: number): Promise<PullView> {
    const { rest } = this.#octokit;
    const { data: pull } = await rest.pulls.get({ ...this.#at, pull_number: number });
    const [comments, runs, compared, base] = await Promise.all([
      this.#comments(number),
      this.#checksOf(pull.head.sha),
      rest.repos.compareCommitsWithBasehead({ ...this.#at, basehead: `${pull.base.sha}...${pull.head.sha}` }),
      rest.repos.getBranch({ ...this.#at, branch: pull.base.ref }),
    ]);
    const checks = await Promise.all(
      runs.map(async (run) => ({ run, annotations: await this.#annotationsOf(run) })),
    );
    const required = base.data.protection?.required_status_checks?.contexts ?? [];
    return { pull, comments, checks, files: compared.data.files ?? [], required };
  }

  /** Reads the text of a file at a commit or branch. */
  async file(ref: string, path: string): Promise<string> {
    const { data } = await this.#octokit.rest.repos.getContent({ ...this.#at, path, ref });
    if (Array.isArray(data) || !("content" in data)) throw new Error(`${path} is not a file`);
    return Buffer.from(data.content, "base64").toString("utf8");
  }

  /** Finds the pull request whose head is this commit. */
  async pullOfHead(sha: string): Promise<number | undefined> {
    const { data } = await this.#octokit.rest.pulls.list({ ...this.#at, state: "all", per_page: LISTED_MAX });
    return data.find((pull) => pull.head.sha === sha)?.number;
  }

  async #comments(number: number): Promise<readonly Comment[]> {
    const { data } = await this.#octokit.rest.issues.listComments({
      ...this.#at,
      issue_number: number,
      per_page: COMMENTS_MAX,
    });
    return data;
  }

  async #checksOf(sha: string): Promise<readonly CheckRun[]> {
    const { data } = await this.#octokit.rest.checks.listForRef({ ...this.#at, ref: sha });
    return data.check_runs.toSorted((a, b) => a.name.localeCompare(b.name));
  }

  async #annotationsOf(run: CheckRun): Promise<readonly Annotation[]> {
    if (run.output.annotations_count === 0) return [];
    const { data } = await this.#octokit.rest.checks.listAnnotations({
      ...this.#at,
      check_run_id: run.id,
      per_page: ANNOTATIONS_MAX,
    });
    // The emulator wraps the list in an object; GitHub does not.
    const list: unknown = Array.isArray(data) ? data : Object(data).check_annotations;
    return Array.isArray(list) ? list : [];
  }
}
