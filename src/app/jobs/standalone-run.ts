import type { CheckRun } from "../../core/report/check-run.ts";
import type { Checks } from "../../ports/checks.ts";
import type { Occasion, RunAnswer, StandaloneRun } from "../../ports/standalone-runs.ts";
import type { JobDeps } from "./deps.ts";
import type { Job } from "./job.ts";

type RunDeps = Pick<JobDeps, "standaloneRuns" | "now" | "newId">;

/** Somebody who asks for a run that belongs to no pull request. */
export interface Asking {
  readonly occasion: Occasion;
  readonly installationId: number;
  readonly headSha: string;
  readonly job: Job;
  /** The queue's id of the job. */
  readonly jobId: string;
}

/** Makes the run of an occasion, with nothing decided yet, or goes on with the one that is open. */
export async function takeUpStandalone(
  { occasion, installationId, headSha, job, jobId }: Asking,
  known: StandaloneRun | undefined,
  deps: RunDeps,
): Promise<StandaloneRun> {
  const at = deps.now();
  const open = known?.state === "running" ? known : undefined;
  const run: StandaloneRun = {
    ...occasion,
    id: open?.id ?? deps.newId(),
    installationId,
    headSha,
    state: "running",
    checkRunIds: open?.checkRunIds ?? {},
    answer: open?.answer,
    jobId,
    job,
    result: open?.result ?? null,
    reports: open?.reports ?? 0,
    createdAt: known?.createdAt ?? at,
    updatedAt: at,
  };
  await deps.standaloneRuns.saveRun(run);
  return run;
}

/** Posts check runs, or brings those of this run to a new state, and remembers their ids. */
export async function publishStandalone(
  run: StandaloneRun,
  rendered: readonly CheckRun[],
  checks: Checks,
  deps: RunDeps,
): Promise<StandaloneRun> {
  const ids: Record<string, number> = { ...run.checkRunIds };
  for (const check of rendered) {
    const id = ids[check.name];
    if (id === undefined) ids[check.name] = await checks.openCheck(check);
    else await checks.updateCheck(id, check);
  }
  return await saveStandalone({ ...run, checkRunIds: ids }, deps);
}

/** Remembers what a run came to before anybody is told, so that telling can be repeated without paying again. */
export function decideStandalone(
  run: StandaloneRun,
  decided: { readonly answer: RunAnswer; readonly result: unknown },
  deps: RunDeps,
): Promise<StandaloneRun> {
  return saveStandalone({ ...run, ...decided }, deps);
}

/** Remembers a run as it stands now. */
export async function saveStandalone(run: StandaloneRun, deps: RunDeps): Promise<StandaloneRun> {
  const saved = { ...run, updatedAt: deps.now() };
  await deps.standaloneRuns.saveRun(saved);
  return saved;
}
