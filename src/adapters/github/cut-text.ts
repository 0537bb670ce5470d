import { truncate } from "../../core/text/markdown.ts";

const CUT_NOTICE = "\n\n_Cut here: GitHub takes no more._";

/**
 * Cuts a text to what GitHub takes, with a notice where something is missing.
 *
 * Counted in UTF-8 bytes: GitHub says characters, and a text within the bytes is within the characters too.
 */
export function cutText(text: string, bytesMax: number, notice: string = CUT_NOTICE): string {
  return truncate(text, { bytesMax, notice });
}
