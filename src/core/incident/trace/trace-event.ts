import type { JsonObject, JsonValue } from "../../json.ts";
import type { Usage } from "../../trajectory/trajectory.ts";

/** What came back from a call; nothing where it was not told. */
export interface Answer {
  readonly result?: JsonValue | undefined;
  readonly error?: string | undefined;
}

/** When something began and how long it took, as far as a trace tells; in milliseconds of any clock. */
export interface Times {
  readonly startMs?: number | undefined;
  readonly durationMs?: number | undefined;
}

/** One thing that a trace tells, in its order, whatever its format. */
export type TraceEvent =
  | { readonly kind: "said"; readonly role: "user" | "assistant"; readonly text: string }
  /** The model was asked. */
  | ({
      readonly kind: "requested";
      readonly name: string;
      readonly usage?: Usage | undefined;
      readonly error?: string | undefined;
    } & Times)
  /** The model asks for a call. */
  | {
      readonly kind: "called";
      readonly name: string;
      readonly given: JsonObject | undefined;
      readonly id: string | undefined;
    }
  /** The answer of a call, by its id, by the tool's name, or of whatever was called last. */
  | {
      readonly kind: "answered";
      readonly id: string | undefined;
      readonly name: string | undefined;
      readonly answer: Answer;
    }
  /** A call with its answer, as whoever ran it tells. */
  | ({
      readonly kind: "ran";
      readonly name: string;
      readonly given: JsonObject | undefined;
      readonly id: string | undefined;
      readonly answer: Answer;
    } & Times)
  | ({
      readonly kind: "retrieved";
      readonly name: string;
      readonly given: JsonObject | undefined;
      readonly answer: Answer;
    } & Times)
  | { readonly kind: "stopped"; readonly reason: string };
