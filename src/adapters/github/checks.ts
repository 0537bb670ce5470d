import { CHECK_NAMES, type CheckRun } from "../../core/report/check-run.ts";
import type { Checks } from "../../ports/checks.ts";
import { readGitHub, writeGitHub } from "./call-github.ts";
import { actionsOf, annotationPortions, outputOf, stateOf } from "./check-output.ts";
import type { RepositoryAccess } from "./client.ts";
import { collectPages, PER_PAGE } from "./collect-pages.ts";

const OUR_NAMES: readonly string[] = Object.values(CHECK_NAMES);

interface ListedCheck {
  readonly id: number;
  readonly name: string;
  readonly external_id: string | null;
  readonly app: { readonly id: number } | null;
}

/** Posts check runs. */
export function githubChecks(access: RepositoryAccess): Checks {
  const { client, owner, repo } = access;

  async function findOwn({ headSha, name, externalId }: CheckRun): Promise<number | undefined> {
    const { appId } = await access.fetchIdentity();
    const listed = await collectPages(
      `list the check runs of ${headSha}`,
      (page) =>
        client.rest.checks.listForRef({
          owner,
          repo,
          ref: headSha,
          filter: "all",
          per_page: PER_PAGE,
          page,
          check_name: name,
          ...(appId === undefined ? {} : { app_id: appId }),
        }),
      (page): readonly ListedCheck[] => page.check_runs,
    );
    const own = listed.filter(
      (run) => isOurs(run, appId) && run.name === name && run.external_id === externalId,
    );
    return own.length === 0 ? undefined : Math.max(...own.map(({ id }) => id));
  }

  async function updateCheck(id: number, check: CheckRun): Promise<void> {
    const [first, ...rest] = annotationPortions(check.annotations, await countAnnotations(id, check));
    await patch(id, check, first ?? []);
    for (const portion of rest) await patch(id, check, portion);
  }

  async function patch(id: number, check: CheckRun, portion: CheckRun["annotations"]): Promise<void> {
    await writeGitHub(`update the check run "${check.name}"`, () =>
      client.rest.checks.update({ owner, repo, check_run_id: id, ...bodyOf(check, portion) }),
    );
  }

  // GitHub appends annotations, so an update that is repeated must not send what stands.
  async function countAnnotations(id: number, check: CheckRun): Promise<number> {
    if (check.annotations.length === 0) return 0;
    const standing = await readGitHub(`read the check run "${check.name}"`, () =>
      client.rest.checks.get({ owner, repo, check_run_id: id }),
    );
    return standing.output.annotations_count;
  }

  return {
    updateCheck,
    async openCheck(check) {
      const standing = await findOwn(check);
      if (standing !== undefined) {
        await updateCheck(standing, check);
        return standing;
      }
      const [first, ...rest] = annotationPortions(check.annotations, 0);
      const created = await writeGitHub(`open the check run "${check.name}"`, () =>
        client.rest.checks.create({
          owner,
          repo,
          head_sha: check.headSha,
          ...bodyOf(check, first ?? []),
        }),
      );
      for (const portion of rest) await patch(created.id, check, portion);
      return created.id;
    },
  };
}

function bodyOf(check: CheckRun, portion: CheckRun["annotations"]) {
  return {
    name: check.name,
    external_id: check.externalId,
    ...stateOf(check),
    output: outputOf(check, portion),
    ...actionsOf(check),
  };
}

/** A run without an app, as the emulator gives it, is ours only by our name and a pointer of ours. */
function isOurs(run: ListedCheck, appId: number | undefined): boolean {
  if (run.app !== null && appId !== undefined) return run.app.id === appId;
  return OUR_NAMES.includes(run.name) && (run.external_id ?? "") !== "";
}
