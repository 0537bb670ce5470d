import { ExternalFailure } from "../../ports/external-failure.ts";
import { AlreadyThere } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";

/**
 * After this time what GitHub was asked for is done or never will be, and GitHub's lists show it.
 *
 * GitHub ends a request after ten seconds; its lists lag behind by some seconds more.
 */
export const GITHUB_LAG_MS = 20_000;
/** What GitHub said it created is believed to be there for so many lags, whatever a read says. */
const LAGS_BELIEVED = 3;

/** Something of which GitHub would make two if it were asked twice. */
export interface Creatable<T> {
  /** Names it within its repository, the same at every attempt. */
  readonly key: string;
  /** The same in words, such as `the comment on 42`. */
  readonly called: string;
  /** Takes what stands under this id for what is wanted; undefined where GitHub knows no such thing. */
  take(id: string): Promise<T | undefined>;
  /** Looks for it in what GitHub lists, which may lag. */
  find(): Promise<Found<T> | undefined>;
  /** Asks GitHub to create it. */
  create(): Promise<{ readonly id: string | number; readonly value: T }>;
}

/** What GitHub lists. */
interface Found<T> {
  readonly id: string;
  /** What it is taken for, where the list says enough. */
  readonly value?: T;
}

/** What stands on GitHub, and whether this call created it. */
export interface Standing<T> {
  readonly isNew: boolean;
  readonly value: T;
}

type Search<T> =
  | { readonly kind: "standing"; readonly value: T }
  | {
      readonly kind: "missing";
      readonly noted: Awaited<ReturnType<RepositoryAccess["creations"]["fetchCreation"]>>;
    };

/**
 * Creates something on GitHub unless it stands there already. Everything that GitHub would create twice goes through here.
 *
 * That it is asked for is noted before, and what GitHub calls it after: an attempt whose answer was lost, to a
 * gateway or to the death of the process, is not repeated before GitHub must show what came of it. Until then the
 * failure says when to come back. Of two attempts at the same time one may ask.
 */
export async function createOnce<T>(access: RepositoryAccess, thing: Creatable<T>): Promise<Standing<T>> {
  const { creations, lagMs } = access;
  const searched = await search(access, thing);
  if (searched.kind === "standing") return { isNew: false, value: searched.value };

  const key = creationKey(access, thing.key);
  const asking = await creations.noteAsked(key, searched.noted);
  if (asking === undefined) throw later(`another attempt is creating ${thing.called}`, lagMs);
  try {
    const { id, value } = await thing.create();
    await creations.noteCreated(key, String(id));
    return { isNew: true, value };
  } catch (failure) {
    if (failure instanceof AlreadyThere) {
      return { isNew: false, value: await takeFound(access, thing, await thing.find()) };
    }
    if (isRefused(failure)) await creations.forgetAsked(key, asking);
    throw failure;
  }
}

/** Looks whether it stands already; fails where that cannot be told yet. */
export async function findCreated<T>(
  access: RepositoryAccess,
  thing: Omit<Creatable<T>, "create">,
): Promise<T | undefined> {
  const searched = await search(access, thing);
  return searched.kind === "standing" ? searched.value : undefined;
}

/** The name under which something of this repository is noted. */
export function creationKey({ owner, repo }: Pick<RepositoryAccess, "owner" | "repo">, key: string): string {
  return `${owner}/${repo}`.toLowerCase().concat(" ", key);
}

async function search<T>(access: RepositoryAccess, thing: Omit<Creatable<T>, "create">): Promise<Search<T>> {
  const { creations, lagMs } = access;
  const noted = await creations.fetchCreation(creationKey(access, thing.key));
  if (noted?.created !== undefined) {
    const value = await thing.take(noted.created);
    if (value !== undefined) return { kind: "standing", value };
    const leftMs = lagMs * LAGS_BELIEVED - noted.ageMs;
    if (leftMs > 0) throw later(`it does not show ${thing.called} yet, which it has just created`, leftMs);
  }
  // What is gone was removed by a person: the list decides what stands now.
  const found = await thing.find();
  if (found !== undefined) return { kind: "standing", value: await takeFound(access, thing, found) };
  if (noted !== undefined && noted.created === undefined && noted.ageMs < lagMs) {
    throw later(`it has not said whether it created ${thing.called}`, lagMs - noted.ageMs);
  }
  return { kind: "missing", noted };
}

async function takeFound<T>(
  access: RepositoryAccess,
  thing: Omit<Creatable<T>, "create">,
  found: Found<T> | undefined,
): Promise<T> {
  const value = found === undefined ? undefined : (found.value ?? (await thing.take(found.id)));
  if (found === undefined || value === undefined) {
    throw later(`it does not show ${thing.called} as it is`, access.lagMs);
  }
  await access.creations.noteCreated(creationKey(access, thing.key), found.id);
  return value;
}

/** Without an answer, and with one that may pass, we cannot know that nothing was created. */
function isRefused(failure: unknown): boolean {
  return failure instanceof ExternalFailure && !failure.retryable && failure.status !== undefined;
}

function later(because: string, waitMs: number): ExternalFailure {
  return new ExternalFailure(
    `GitHub is asked again in ${Math.ceil(waitMs / 1_000)} s: ${because}, and asked at once it could create a second one`,
    { system: "github", retryable: true, retryAfterMs: Math.ceil(waitMs) },
  );
}
