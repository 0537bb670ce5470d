import type { Annotation, CheckAction, CheckRun } from "../../core/report/check-run.ts";
import { cutText } from "./cut-text.ts";

/** GitHub answers 422 to anything longer, and the check would stay open. */
const SUMMARY_BYTES_MAX = 65_535;
const TITLE_BYTES_MAX = 255;
const ANNOTATION_MESSAGE_BYTES_MAX = 60_000;
/** Annotations that one request may carry. */
export const ANNOTATIONS_PER_REQUEST = 50;
/** Annotations of one check run; nobody reads more, and each portion is a request. */
export const ANNOTATIONS_MAX = 500;
const ACTIONS_MAX = 3;
const ACTION_LABEL_BYTES_MAX = 20;
const ACTION_DESCRIPTION_BYTES_MAX = 40;
const ACTION_ID_LENGTH_MAX = 20;

const ELLIPSIS = "…";

/** The state of a check run in GitHub's words. */
export function stateOf({ state }: CheckRun) {
  return state.kind === "completed"
    ? { status: "completed" as const, conclusion: state.conclusion }
    : { status: "in_progress" as const };
}

/** The output of a check run within GitHub's limits, with these annotations. */
export function outputOf(check: CheckRun, annotations: readonly Annotation[]) {
  return {
    title: cutText(check.title, TITLE_BYTES_MAX, ELLIPSIS),
    summary: cutText(check.summary, SUMMARY_BYTES_MAX),
    ...(check.text === undefined ? {} : { text: cutText(check.text, SUMMARY_BYTES_MAX) }),
    ...(annotations.length === 0
      ? {}
      : { annotations: annotations.map((annotation) => annotationOf(annotation)) }),
  };
}

/** Buttons of a check run in GitHub's words; nothing where none are asked for. */
export function actionsOf({ actions }: CheckRun) {
  return actions === undefined
    ? {}
    : { actions: actions.slice(0, ACTIONS_MAX).map((action) => actionOf(action)) };
}

function annotationOf(annotation: Annotation) {
  const startLine = Math.max(1, annotation.startLine);
  return {
    path: annotation.path,
    start_line: startLine,
    end_line: Math.max(startLine, annotation.endLine),
    annotation_level: annotation.level,
    title: cutText(annotation.title, TITLE_BYTES_MAX, ELLIPSIS),
    message: cutText(annotation.message, ANNOTATION_MESSAGE_BYTES_MAX),
  };
}

function actionOf(action: CheckAction) {
  if (action.id.length > ACTION_ID_LENGTH_MAX) {
    throw new Error(`a check action's id has at most ${ACTION_ID_LENGTH_MAX} characters, got ${action.id}`);
  }
  return {
    identifier: action.id,
    label: cutText(action.label, ACTION_LABEL_BYTES_MAX, ELLIPSIS),
    description: cutText(action.description, ACTION_DESCRIPTION_BYTES_MAX, ELLIPSIS),
  };
}
