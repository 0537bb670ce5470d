import type { GitHub } from "../../ports/github.ts";
import type { Issue } from "../../ports/issues.ts";
import type { Generation } from "../../ports/records.ts";
import { bestEffort } from "./best-effort.ts";
import type { JobDeps, Models } from "./deps.ts";
import { isAtLeast } from "./rights.ts";
import { watchEvents } from "./watch-events.ts";

/** What overtook the drafting of an incident: nobody wants it any more, or another text is to be drafted from. */
export type Overtaken =
  | { readonly kind: "withdrawn" }
  | { readonly kind: "rewritten"; readonly issue: Issue };

/** An incident that is being drafted from. */
export interface DraftedFrom {
  readonly repo: string;
  readonly issue: Issue;
  /** Tells whether the incident is still one to draft from, as it stands. */
  readonly isWanted: (issue: Issue) => boolean;
  readonly github: Pick<GitHub, "issues" | "people">;
  readonly deps: Pick<JobDeps, "generations" | "now">;
}

/** The drafting of one text: it ends once something newer overtook it. */
export interface IncidentWatch {
  /** Gives models that are asked only while the text is the one to draft from. */
  readonly watched: (models: Models) => Models;
  /** Works with a signal that ends with the attempt at the job and once it is overtaken; looks for the last time when that is done. */
  readonly unlessOvertaken: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T | Overtaken>;
}

/**
 * Watches the incident that is drafted from.
 *
 * A text that somebody changed who may not ask is not followed, so it does not stop the drafting of the one that
 * was asked for either.
 */
export function watchIncident(from: DraftedFrom, attempt: AbortSignal): IncidentWatch {
  const { repo, issue, github, deps } = from;
  const overtaken = new AbortController();
  const overtakenBy = watchEvents<Overtaken>({
    fetchGeneration: () => deps.generations.fetchGeneration(repo, issue.number),
    async look(generation) {
      const shown = await github.issues.fetchIssue(issue.number);
      if (shown === undefined || !from.isWanted(shown))
        return { updatedAt: shown?.updatedAt, overtakenBy: { kind: "withdrawn" } };
      const isSame = shown.title === issue.title && shown.body === issue.body;
      const isRewritten = !isSame && (await isFollowed(shown, generation, github));
      const overtakenBy = isRewritten ? ({ kind: "rewritten", issue: shown } as const) : undefined;
      return { updatedAt: shown.updatedAt, overtakenBy };
    },
    now: deps.now,
  });
  const signal = AbortSignal.any([attempt, overtaken.signal]);
  const goOn = async (): Promise<void> => {
    // A look that fails is not worth what was paid already: the last one, before people are told, counts.
    const by = await bestEffort(overtakenBy);
    if (by !== undefined) overtaken.abort(new Error(`the incident was ${by.kind} while it was drafted from`));
    signal.throwIfAborted();
  };
  return {
    async unlessOvertaken(work) {
      try {
        const done = await work(signal);
        return (await overtakenBy()) ?? done;
      } catch (cause) {
        const by = overtaken.signal.aborted ? await overtakenBy() : undefined;
        if (by === undefined) throw cause;
        return by;
      }
    },
    watched: (models) => ({
      ...models,
      async ask(...question) {
        await goOn();
        return await models.ask(...question);
      },
      judgeWith(named) {
        const judge = models.judgeWith(named);
        return async (...question) => {
          await goOn();
          return await judge(...question);
        };
      },
    }),
  };
}

/** What is newer than the last event that came may be somebody else's text than the last that we were told of: its event comes yet. */
async function isFollowed(
  { updatedAt }: Issue,
  { toldAt, editedBy }: Generation,
  github: Pick<GitHub, "people">,
): Promise<boolean> {
  if (editedBy === undefined || (toldAt !== undefined && updatedAt.getTime() > toldAt.getTime()))
    return false;
  return await isAtLeast("triage", editedBy, github);
}
