import type { JsonValue } from "../json.ts";

/** One place at which a head asks for less than the base, or for what cannot be shown to be as much. */
export interface FieldChange {
  /** The place in the words of the file, such as `expect.output.must_not_contain[0]`. */
  readonly at: string;
  /** Undefined where nothing stood there. */
  readonly before: JsonValue | undefined;
  /** Undefined where nothing stands there any more. */
  readonly after: JsonValue | undefined;
  /** One-based line at the head, of the place or of what is around it; undefined where nobody knows. */
  readonly line?: number | undefined;
}

/** What a pull request takes from the protection of an agent. */
export type WeakenedPart =
  /** A fixture asks for less. */
  | { readonly kind: "fixture_changed"; readonly changes: readonly FieldChange[] }
  /** A fixture is gone; `movedTo` is a file with the same content that is not read as a fixture. */
  | { readonly kind: "fixture_removed"; readonly movedTo: string | undefined }
  /** A fixture's file cannot be used any more. */
  | { readonly kind: "fixture_unreadable"; readonly because: string }
  /** The configuration asks for less, or lets others decide. */
  | { readonly kind: "configuration_changed"; readonly changes: readonly FieldChange[] }
  /** A file of an agent went to where no glob looks. */
  | { readonly kind: "out_of_scope"; readonly movedTo: string }
  /** A prompt gets front matter, which no agent of the gate is given, where none has any. */
  | { readonly kind: "words_hidden" }
  /** An example that measures the judge changed or went. */
  | { readonly kind: "calibration_changed" }
  /** What the pull request changes cannot be told. */
  | { readonly kind: "unseen"; readonly because: string };

/** One fixture or file that a pull request weakens, and who may agree to that. */
export interface Weakened {
  /** Id of the fixture, or path of the file. */
  readonly name: string;
  /** Path on the base. */
  readonly path: string;
  /** Path at the head, where there is a file that a remark can point at. */
  readonly headPath: string | undefined;
  /** Who keeps it, as the protecting branch says it. */
  readonly owner: string | undefined;
  readonly part: WeakenedPart;
}
