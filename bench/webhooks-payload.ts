/** When each pull request was last changed. */
export const UPDATED_AT = "2026-11-21T10:03:12Z";

const ACTIONS = ["opened", "synchronize", "reopened", "closed"] as const;
const PULL_REQUESTS = 50;
const LINKS_OF_A_REPOSITORY = [
  "forks keys teams hooks events assignees branches tags blobs git_refs trees statuses languages contributors",
  "commits comments contents compare merges archive issues pulls milestones labels releases deployments",
]
  .join(" ")
  .split(" ");
const LINKS_OF_A_USER = "followers organizations repos".split(" ");

/** A pull request event of about 12 kB as GitHub sends it, in shape and size; the numbers go round over 50 pull requests. */
export function pullRequestEvent(index: number, number = 1 + (index % PULL_REQUESTS)): object {
  const action = ACTIONS[index % ACTIONS.length];
  const sha = (seed: number) => (seed * 2_654_435_761).toString(16).padStart(8, "0").repeat(5).slice(0, 40);
  const author = user(`developer-${index % 7}`, 1_000 + (index % 7));
  return {
    action,
    number,
    pull_request: {
      url: `https://api.github.com/repos/acme/support-agent/pulls/${number}`,
      id: 1_900_000_000 + number,
      number,
      state: action === "closed" ? "closed" : "open",
      locked: false,
      title: `Ask before refunds over the threshold, take ${index}`,
      user: author,
      body: `The agent refunded order ${58_000 + index} without asking.\n\n${"It has to ask a colleague first. ".repeat(24)}`,
      created_at: "2026-11-21T09:12:44Z",
      updated_at: UPDATED_AT,
      merge_commit_sha: sha(index + 3),
      assignees: [],
      requested_reviewers: [user("reviewer", 2_001)],
      requested_teams: [],
      labels: [
        { id: 5_001, name: "agent", color: "d73a4a", default: false, description: "Changes the agent" },
      ],
      draft: false,
      head: side(`change-${number}`, sha(index + 1)),
      base: side("main", sha(7)),
      author_association: "MEMBER",
      auto_merge: null,
      merged: false,
      mergeable: null,
      mergeable_state: "unknown",
      comments: 2,
      commits: 3,
      additions: 41,
      deletions: 7,
      changed_files: 4,
    },
    repository: repository(),
    organization: { login: "acme", id: 77, url: "https://api.github.com/orgs/acme", description: "" },
    sender: author,
    installation: { id: 4_242, node_id: "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uNDI0Mg==" },
  };
}

function side(ref: string, sha: string): object {
  return { label: `acme:${ref}`, ref, sha, user: user("acme", 77), repo: repository() };
}

function user(login: string, id: number): object {
  const url = `https://api.github.com/users/${login}`;
  return {
    login,
    id,
    node_id: `MDQ6VXNlcg${id}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    url,
    html_url: `https://github.com/${login}`,
    ...Object.fromEntries(LINKS_OF_A_USER.map((link) => [`${link}_url`, `${url}/${link}`])),
    type: "User",
    site_admin: false,
  };
}

function repository(): object {
  const url = "https://api.github.com/repos/acme/support-agent";
  return {
    id: 35_129_377,
    node_id: "MDEwOlJlcG9zaXRvcnkzNTEyOTM3Nw==",
    name: "support-agent",
    full_name: "acme/support-agent",
    private: true,
    owner: user("acme", 77),
    html_url: "https://github.com/acme/support-agent",
    description: "The agent that answers our customers",
    fork: false,
    url,
    ...Object.fromEntries(LINKS_OF_A_REPOSITORY.map((link) => [`${link}_url`, `${url}/${link}{/id}`])),
    created_at: "2024-05-05T23:40:12Z",
    updated_at: "2026-11-21T08:40:12Z",
    pushed_at: "2026-11-21T10:03:11Z",
    size: 4_210,
    language: "TypeScript",
    open_issues_count: 12,
    topics: ["agent", "support"],
    visibility: "private",
    default_branch: "main",
  };
}
