/** How one thing stands; `unseen` where it could not be looked at now, so that nobody can say. */
export type FindingState = "ok" | "warning" | "problem" | "unseen";

/** One thing that the gate rests on: how it stands, and how it is mended where it does not. */
export interface Finding {
  /** What was looked at, such as `permission checks` or `required check on main`. */
  readonly on: string;
  readonly state: FindingState;
  readonly says: string;
  readonly mend?: string;
}

/** What came of looking at something outside. */
export type Look<T> =
  | { readonly kind: "seen"; readonly value: T }
  /** `passing` where another look may see it; otherwise it is not shown to us, or not offered there. */
  | { readonly kind: "unseen"; readonly because: string; readonly passing: boolean };

/** Wraps what was seen. */
export function seen<T>(value: T): Look<T> {
  return { kind: "seen", value };
}

/** Says that something could not be looked at: a warning where it is not shown to us, open where another look may help. */
function unseenFinding(
  on: string,
  { because, passing }: Extract<Look<unknown>, { kind: "unseen" }>,
): Finding {
  const says = `could not look, because ${because}`;
  return passing
    ? { on, state: "unseen", says, mend: "Mend that, or wait until it has passed, and ask the doctor again." }
    : { on, state: "warning", says };
}

/** Applies a judgement to what was seen; what was not seen is said. */
export function judgeLook<T>(
  on: string,
  look: Look<T>,
  judge: (value: T) => readonly Finding[],
): readonly Finding[] {
  return look.kind === "seen" ? judge(look.value) : [unseenFinding(on, look)];
}

/** The exit code of a diagnosis: 1 where there is a problem, 3 where something could not be looked at, else 0. */
export function diagnosisExitCode(findings: readonly Finding[]): 0 | 1 | 3 {
  if (findings.some(({ state }) => state === "problem")) return 1;
  return findings.some(({ state }) => state === "unseen") ? 3 : 0;
}
