const CUT_NOTICE = "\n\n_Cut here: GitHub takes no more._";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8");

/**
 * Cuts a text to what GitHub takes, with a notice where something is missing.
 *
 * Counted in UTF-8 bytes: GitHub says characters, and a text within the bytes is within the characters too.
 */
export function cutText(text: string, bytesMax: number, notice: string = CUT_NOTICE): string {
  const bytes = encoder.encode(text);
  if (bytes.byteLength <= bytesMax) return text;
  const room = bytesMax - encoder.encode(notice).byteLength;
  // A character that is cut in two decodes to replacement characters, which go as well.
  return decoder.decode(bytes.subarray(0, room)).replace(/\uFFFD{1,3}$/, "") + notice;
}
