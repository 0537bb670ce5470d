import { CHECK_NAMES, type CheckRun, RELEASE_CHECK } from "../../core/report/check-run.ts";
import type { Checks } from "../../ports/checks.ts";
import { findOnGitHub, isRefusal, writeGitHub } from "./call-github.ts";
import { ANNOTATIONS_MAX, ANNOTATIONS_PER_REQUEST, actionsOf, outputOf, stateOf } from "./check-output.ts";
import type { RepositoryAccess } from "./client.ts";
import { collectPages, PER_PAGE } from "./collect-pages.ts";
import { createOnce } from "./create-once.ts";

const OUR_NAMES: readonly string[] = [...Object.values(CHECK_NAMES), RELEASE_CHECK];

interface ListedCheck {
  readonly id: number;
  readonly name: string;
  readonly external_id: string | null;
  readonly app: { readonly id: number } | null;
}

/** Posts check runs. */
export function githubChecks(access: RepositoryAccess): Checks {
  const { client, owner, repo } = access;

  async function findOwn({ headSha, name, externalId }: CheckRun): Promise<string | undefined> {
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
    return own.length === 0 ? undefined : String(Math.max(...own.map(({ id }) => id)));
  }

  async function patch(id: number, check: CheckRun, portion: CheckRun["annotations"]): Promise<void> {
    await writeGitHub(`update the check run "${check.name}"`, () =>
      client.rest.checks.update({ owner, repo, check_run_id: id, ...bodyOf(check, portion) }),
    );
  }

  async function updateCheck(id: number, check: CheckRun): Promise<void> {
    const wanted = Math.min(check.annotations.length, ANNOTATIONS_MAX);
    let sent = false;
    for (let standing = 0; standing < wanted; ) {
      const { isNew, value } = await annotate(id, check, standing);
      sent ||= isNew;
      standing = value;
    }
    if (!sent) await patch(id, check, []);
  }

  /** GitHub appends annotations, so that each portion is a creation; answers how many stand then. */
  function annotate(id: number, check: CheckRun, from: number) {
    const portion = check.annotations.slice(from, Math.min(from + ANNOTATIONS_PER_REQUEST, ANNOTATIONS_MAX));
    const end = from + portion.length;
    return createOnce(access, {
      key: `annotations of check run ${id} from ${from}`,
      called: `the annotations of the check run "${check.name}"`,
      take: async (standing) => Number(standing),
      async find() {
        const standing = await countAnnotations(id, check);
        return standing > from ? { id: String(standing) } : undefined;
      },
      async create() {
        await patch(id, check, portion);
        return { id: end, value: end };
      },
    });
  }

  /** A check run that GitHub does not show yet has none. */
  async function countAnnotations(id: number, check: CheckRun): Promise<number> {
    const standing = await findOnGitHub(`read the check run "${check.name}"`, () =>
      client.rest.checks.get({ owner, repo, check_run_id: id }),
    );
    return standing?.output.annotations_count ?? 0;
  }

  return {
    updateCheck,
    async openCheck(check) {
      const { isNew, value: id } = await createOnce(access, {
        key: `check run ${check.headSha} ${check.externalId} ${check.name}`,
        called: `the check run "${check.name}"`,
        async take(standing) {
          try {
            await updateCheck(Number(standing), check);
            return Number(standing);
          } catch (failure) {
            if (isRefusal(failure, [404])) return undefined;
            throw failure;
          }
        },
        async find() {
          const standing = await findOwn(check);
          return standing === undefined ? undefined : { id: standing };
        },
        async create() {
          const created = await writeGitHub(`open the check run "${check.name}"`, () =>
            client.rest.checks.create({ owner, repo, head_sha: check.headSha, ...bodyOf(check, []) }),
          );
          return { id: created.id, value: created.id };
        },
      });
      if (isNew && check.annotations.length > 0) await updateCheck(id, check);
      return id;
    },
  };
}

function bodyOf(check: CheckRun, portion: CheckRun["annotations"]) {
  return {
    name: check.name,
    external_id: check.externalId,
    ...(check.detailsUrl === undefined ? {} : { details_url: check.detailsUrl }),
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
