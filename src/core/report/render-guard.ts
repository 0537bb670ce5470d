import { type Guarded, isAgreed } from "../guard/consent.ts";
import { inlineCode, inlineText, oneLine, truncate } from "../text/markdown.ts";
import { shortSha } from "../text/short-sha.ts";
import { listing, plural } from "./amounts.ts";
import { type Annotation, CHECK_NAMES, type CheckRun, type Ground } from "./check-run.ts";
import { fitSections } from "./fit-sections.ts";
import {
  amountWords,
  changeWords,
  partWords,
  partyWords,
  renderChanges,
  renderGuarded,
} from "./guard-table.ts";
import type { RunIdentity } from "./render-checks.ts";

const TITLE_LENGTH_MAX = 255;
const PAGE_BYTES_MAX = 60_000;
const SECTION_BYTES_MAX = 12_000;
const REMARKS_MAX = 100;
const REMARK_LENGTH_MAX = 1_000;
const STEPS_SHOWN_MAX = 8;
const NAMES_SHOWN_MAX = 5;

/** Renders what a pull request weakens, and who has to approve it, as our third check run. */
export function renderGuard(guarded: readonly Guarded[], identity: RunIdentity): CheckRun {
  const conclusion = isAgreed(guarded) ? "success" : "failure";
  return {
    name: CHECK_NAMES.guard,
    headSha: identity.headSha,
    externalId: identity.externalId,
    state: { kind: "completed", conclusion },
    title: truncate(titleOf(guarded), { charactersMax: TITLE_LENGTH_MAX }),
    ...(conclusion === "success" ? {} : { grounds: [groundOf(guarded)] }),
    summary: guarded.length === 0 ? NOTHING : summaryOf(guarded, identity.headSha),
    annotations: guarded.flatMap(remarks).slice(0, REMARKS_MAX),
  };
}

const NOTHING = `This pull request takes nothing from what protects the agents: no fixture, no setting and no file of an agent that is watched.

**Who has to act:** nobody.`;

/** Gives the guard what the blocking check says where it has nothing to say of its own: while a run goes on, when it is cancelled, and where nothing could be looked at. */
export function withGuard(checks: readonly CheckRun[]): readonly CheckRun[] {
  const blocking = checks.find(({ name }) => name === CHECK_NAMES.blocking);
  if (blocking === undefined) return checks;
  const { actions: _, text: __, ...said } = blocking;
  return [...checks, { ...said, name: CHECK_NAMES.guard, annotations: [] }];
}

/** Brings what is weakened without approval to the blocking check too, since a team may forget to require the guard. */
export function holdByGuard(checks: readonly CheckRun[], guarded: readonly Guarded[]): readonly CheckRun[] {
  if (isAgreed(guarded)) return checks;
  return checks.map((check) => (check.name === CHECK_NAMES.blocking ? held(check, guarded) : check));
}

function held(check: CheckRun, guarded: readonly Guarded[]): CheckRun {
  if (check.state.kind !== "completed") return check;
  const open = missing(guarded);
  const note = `**This pull request weakens ${amountWords(open)} without the approval that this needs.** \`${CHECK_NAMES.guard}\` says what, and who may approve it; until then this check fails too.`;
  const isRed = check.state.conclusion === "failure";
  return {
    ...check,
    state: { kind: "completed", conclusion: "failure" },
    grounds: [...(check.grounds ?? []), groundOf(guarded)],
    title: isRed ? check.title : truncate(heldTitle(guarded), { charactersMax: TITLE_LENGTH_MAX }),
    summary: `${note}\n\n${check.summary}`,
  };
}

/** An override is somebody else's right: what is weakened is approved, or taken back. */
function groundOf(guarded: readonly Guarded[]): Ground {
  return { on: "guard", says: `${weakenedWords(missing(guarded))} without approval`, acceptable: false };
}

function heldTitle(guarded: readonly Guarded[]): string {
  return `Blocked: ${weakenedWords(missing(guarded))} without approval`;
}

function titleOf(guarded: readonly Guarded[]): string {
  if (guarded.length === 0) return "Nothing is weakened";
  const open = missing(guarded);
  if (open.length === 0) return `Approved: ${weakenedWords(guarded)}`;
  return `Needs approval: ${weakenedWords(open)}`;
}

function weakenedWords(guarded: readonly Guarded[]): string {
  const [only] = guarded;
  if (guarded.length === 1 && only !== undefined) return `${oneLine(only.weakened.name, 100)} is weakened`;
  return `${amountWords(guarded)} are weakened`;
}

function missing(guarded: readonly Guarded[]): readonly Guarded[] {
  return guarded.filter(({ consent }) => consent.kind === "missing");
}

function summaryOf(guarded: readonly Guarded[], headSha: string): string {
  return fitSections(
    {
      first: [statement(guarded, headSha), steps(guarded, headSha), renderGuarded(guarded)],
      middle: guarded.map(renderChanges).filter((section) => section !== undefined),
      last: [remarksOn(guarded), RULES],
    },
    { bytesMax: PAGE_BYTES_MAX, sectionBytesMax: SECTION_BYTES_MAX },
  );
}

const RULES =
  "What cannot be shown to ask for as much as before counts as weaker. More fixtures, more assertions, a higher level, comments and reasons need no approval. The versions on the base run all the same; once a change of a fixture is approved, what its version on the base says is listed only.";

function statement(guarded: readonly Guarded[], headSha: string): string {
  const open = missing(guarded);
  const what = `This pull request weakens ${amountWords(guarded)}`;
  if (open.length === 0) return `${what}, and all of it is approved for commit \`${shortSha(headSha)}\`.`;
  const some = open.length < guarded.length ? `, of which ${amountWords(open)} still` : " and";
  const verb = open.length < guarded.length ? "need" : "needs";
  return `${what}${some} ${verb} approval for commit \`${shortSha(headSha)}\`.`;
}

/** Who has to approve what: one step for each party, as several fixtures may have the same owner. */
function steps(guarded: readonly Guarded[], headSha: string): string {
  const open = missing(guarded);
  if (open.length === 0) return "**Who has to act:** nobody.";
  const byParties = Map.groupBy(open, ({ consent }) =>
    consent.kind === "missing" ? listing(consent.approvers.map(partyWords), NAMES_SHOWN_MAX, "or") : "",
  );
  const lines = [...byParties].map(
    ([who, theirs], index) =>
      `${index + 1}. **${who}:** look at ${names(theirs)} and approve this pull request in a review of commit \`${shortSha(headSha)}\`.`,
  );
  const rest = lines.length - STEPS_SHOWN_MAX;
  return [
    `**Who has to act:** ${listing([...byParties.keys()], NAMES_SHOWN_MAX)}. A review of another commit, a dismissed one, and the author's own do not count; a push asks anew. Or the author takes the change back.`,
    "",
    ...lines.slice(0, STEPS_SHOWN_MAX),
    ...(rest > 0 ? ["", `${rest} more follow from the table below.`] : []),
  ].join("\n");
}

function names(guarded: readonly Guarded[]): string {
  return listing(
    guarded.map(({ weakened }) => inlineCode(weakened.name)),
    NAMES_SHOWN_MAX,
  );
}

function remarksOn(guarded: readonly Guarded[]): string | undefined {
  const said = missing(guarded).flatMap(({ weakened, consent }) =>
    consent.kind === "missing"
      ? consent.remarks.map((remark) => `- ${inlineCode(weakened.name)}: ${inlineText(remark)}`)
      : [],
  );
  if (said.length === 0) return undefined;
  const rest = said.length - STEPS_SHOWN_MAX;
  const more = rest > 0 ? [`- … and ${plural(rest, "more remark")}`] : [];
  return [...said.slice(0, STEPS_SHOWN_MAX), ...more].join("\n");
}

/** Remarks on the places of the head that ask for less. */
function remarks({ weakened, consent }: Guarded): readonly Annotation[] {
  const { name, headPath, part } = weakened;
  if (headPath === undefined) return [];
  const level = consent.kind === "given" ? "notice" : "failure";
  const remark = (line: number | undefined, message: string): Annotation => ({
    path: headPath,
    startLine: line ?? 1,
    endLine: line ?? 1,
    level,
    title: oneLine(`${name} is weakened`, TITLE_LENGTH_MAX),
    message: oneLine(message, REMARK_LENGTH_MAX),
  });
  if (part.kind === "fixture_changed" || part.kind === "configuration_changed")
    return part.changes.map((change) => remark(change.line, `${change.at}: ${changeWords(change)}`));
  const said =
    part.kind === "fixture_unreadable"
      ? `cannot be read: ${part.because}`
      : partWords(part).replaceAll("`", "");
  return [remark(undefined, said)];
}
