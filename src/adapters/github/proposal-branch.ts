import type { Proposal } from "../../core/report/proposal.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import { findOnGitHub, readGitHub, writeGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { createOnce } from "./create-once.ts";
import { refuseUnsafePaths } from "./proposal-paths.ts";

/** Last line of each commit that we write; GitHub shows it as a trailer. */
const TRAILER = "Proposed-by: incident-to-eval";
/** GitHub's own committer, for what is written through its API or its pages. */
const GITHUB_COMMITTER = "web-flow";

/** A branch as it stands. */
export interface Branch {
  readonly sha: string;
  readonly treeSha: string;
  readonly parents: readonly string[];
  /** We wrote its tip, and nobody amended it. */
  readonly isOurs: boolean;
}

/** Reads a branch with the commit at its tip, or undefined where there is no such branch. */
export async function fetchBranch(access: RepositoryAccess, name: string): Promise<Branch | undefined> {
  const { client, owner, repo } = access;
  const sha = await fetchSha(access, name);
  if (sha === undefined) return undefined;
  const [identity, tip] = await Promise.all([
    access.fetchIdentity(),
    readGitHub(`read the commit ${sha}`, () =>
      client.rest.repos.getCommit({ owner, repo, ref: sha, per_page: 1 }),
    ),
  ]);
  const committers = [identity.login, GITHUB_COMMITTER];
  return {
    sha,
    treeSha: tip.commit.tree.sha,
    parents: tip.parents.map((parent) => parent.sha),
    isOurs:
      tip.commit.message.trimEnd().endsWith(TRAILER) &&
      tip.author?.login === identity.login &&
      // An amended commit keeps author and message, but not who committed it.
      committers.includes(String(tip.committer?.login)),
  };
}

/**
 * Brings our branch to one commit with these files on its base; left as it is where it holds them already.
 *
 * Trees and commits are kept by their content, so that asking for one again leaves at worst one that nobody sees.
 */
export async function writeBranch(
  access: RepositoryAccess,
  proposal: Proposal,
  branch: Branch | undefined,
): Promise<{ readonly commit: string; readonly changed: boolean }> {
  if (branch !== undefined && (await holds(access, proposal, branch))) {
    return { commit: branch.sha, changed: false };
  }
  const baseTree = await fetchTreeSha(access, proposal.base.sha);
  await refuseUnsafePaths(access, baseTree, proposal.files);
  const commit = await createCommit(access, proposal, await createTree(access, baseTree, proposal));
  if (branch === undefined) await createBranch(access, proposal.branch, commit);
  else await moveBranch(access, proposal.branch, branch.sha, commit);
  return { commit, changed: true };
}

/** Compared on the base that the branch stands on, so that a base that moves on does not rewrite the branch. */
async function holds(access: RepositoryAccess, proposal: Proposal, branch: Branch): Promise<boolean> {
  const [parent] = branch.parents;
  if (parent === undefined) return false;
  const treeBelow = await fetchTreeSha(access, parent);
  return (await createTree(access, treeBelow, proposal)) === branch.treeSha;
}

async function fetchSha(access: RepositoryAccess, branch: string): Promise<string | undefined> {
  const { client, owner, repo } = access;
  const found = await findOnGitHub(`read the branch ${branch}`, () =>
    client.rest.git.getRef({ owner, repo, ref: `heads/${branch}` }),
  );
  return found?.object.sha;
}

async function fetchTreeSha(access: RepositoryAccess, commit: string): Promise<string> {
  const { client, owner, repo } = access;
  const found = await readGitHub(`read the commit ${commit}`, () =>
    client.rest.git.getCommit({ owner, repo, commit_sha: commit }),
  );
  return found.tree.sha;
}

async function createTree(access: RepositoryAccess, baseTree: string, proposal: Proposal): Promise<string> {
  const { client, owner, repo } = access;
  const created = await writeGitHub(`write the files of ${proposal.branch}`, () =>
    client.rest.git.createTree({
      owner,
      repo,
      base_tree: baseTree,
      tree: proposal.files.map(({ path, content }) => ({ path, mode: "100644", type: "blob", content })),
    }),
  );
  return created.sha;
}

async function createCommit(access: RepositoryAccess, proposal: Proposal, tree: string): Promise<string> {
  const { client, owner, repo } = access;
  const created = await writeGitHub(`commit to ${proposal.branch}`, () =>
    // Without author and committer, which would keep GitHub from signing it for us.
    client.rest.git.createCommit({
      owner,
      repo,
      message: `${proposal.commitMessage.trimEnd()}\n\n${TRAILER}\n`,
      tree,
      parents: [proposal.base.sha],
    }),
  );
  return created.sha;
}

async function createBranch(access: RepositoryAccess, branch: string, commit: string): Promise<void> {
  const { client, owner, repo } = access;
  const { value: tip } = await createOnce(access, {
    key: `branch ${branch}`,
    called: `the branch ${branch}`,
    take: () => fetchSha(access, branch),
    async find() {
      const sha = await fetchSha(access, branch);
      return sha === undefined ? undefined : { id: sha, value: sha };
    },
    async create() {
      await writeGitHub(`create the branch ${branch}`, () =>
        client.rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha: commit }),
      );
      return { id: commit, value: commit };
    },
  });
  if (tip !== commit) throw movedMeanwhile(branch);
}

async function moveBranch(access: RepositoryAccess, branch: string, from: string, to: string): Promise<void> {
  const { client, owner, repo } = access;
  // GitHub's REST API cannot compare and set, so this leaves a person's push a window of one request.
  if ((await fetchSha(access, branch)) !== from) throw movedMeanwhile(branch);
  await writeGitHub(`move the branch ${branch}`, () =>
    client.rest.git.updateRef({ owner, repo, ref: `heads/${branch}`, sha: to, force: true }),
  );
}

function movedMeanwhile(branch: string): ExternalFailure {
  return new ExternalFailure(
    `We could not write ${branch}: somebody changed it meanwhile; it is read again`,
    {
      system: "github",
      retryable: true,
    },
  );
}
