import { isSameLogin } from "../config/party.ts";
import type { Review } from "./review.ts";
import type { Weakened } from "./weakening.ts";

/** Whether somebody who may agree to a weakening has done so for this very commit. */
export type Consent =
  | {
      readonly kind: "given";
      readonly by: string;
      /** The party they belong to, such as `@acme/support-platform`. */
      readonly as: string;
    }
  | {
      readonly kind: "missing";
      /** Who may agree: roles, teams and people. */
      readonly approvers: readonly string[];
      /** Why it is not the owner alone, or why an approval does not count, as sentences. */
      readonly remarks: readonly string[];
    };

/** What a pull request weakens, and whether that was agreed to. */
export interface Guarded {
  readonly weakened: Weakened;
  readonly consent: Consent;
}

/** The commit and the author of a pull request, whose own approval is none. */
export interface Reviewed {
  readonly headSha: string;
  readonly author: string;
  /** Approvals that are older were given to another comparison; undefined where there was no other. */
  readonly since: Date | undefined;
}

/** Reviews that only say something: they neither approve nor take an approval back. */
const SILENT: readonly Review["state"][] = ["commented", "pending"];

/**
 * Lists who approves a commit: people whose last word is an approval of exactly this commit.
 *
 * A later request for changes, a dismissal, or an approval of another commit takes it back.
 */
export function approvingLogins(
  reviews: readonly Review[],
  { headSha, author, since }: Reviewed,
): readonly string[] {
  const last = new Map<string, Review>();
  for (const review of reviews.filter(({ state }) => !SILENT.includes(state)))
    last.set(review.author.toLowerCase(), review);
  return [...last.values()]
    .filter(({ state, commit, at }) => {
      const isLateEnough = since === undefined || (at !== undefined && at.getTime() >= since.getTime());
      return state === "approved" && commit === headSha && isLateEnough;
    })
    .map((review) => review.author)
    .filter((login) => !isSameLogin(login, author));
}

/** Tells whether all that a pull request weakens was agreed to. */
export function isAgreed(guarded: readonly Guarded[]): boolean {
  return guarded.every(({ consent }) => consent.kind === "given");
}

/** Gives the fixtures whose change was agreed to, each with the one who did. */
export function agreedFixtures(guarded: readonly Guarded[]): ReadonlyMap<string, string> {
  const agreed = new Map<string, string>();
  for (const { weakened, consent } of guarded) {
    const isFixture = weakened.part.kind.startsWith("fixture_");
    if (isFixture && consent.kind === "given") agreed.set(weakened.name, consent.by);
  }
  return agreed;
}
