import type { Stretch } from "./found-value.ts";

const CANDIDATE_LENGTH_MIN = 16;
const BASE64 = new RegExp(`(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{${CANDIDATE_LENGTH_MIN},}={0,2}`, "g");
const HEX = /(?<![A-Za-z0-9])(?:[0-9a-fA-F]{2}){12,}(?![A-Za-z0-9])/g;
// A text has letters; a picture or a digest decodes to bytes that are none.
const READABLE = /^[\t\n\r\x20-\x7e\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]+$/u;

/** A stretch of a text that is another text in Base64 or hexadecimal digits. */
export interface Encoded extends Stretch {
  readonly inner: string;
}

/** Finds what can be decoded to a readable text; each stretch is decoded once, so the work grows with the text. */
export function findEncoded(text: string): readonly Encoded[] {
  const hex = [...text.matchAll(HEX)].flatMap((match) => readable(match, Buffer.from(match[0], "hex")));
  const base64 = [...text.matchAll(BASE64)].flatMap((match) =>
    readable(match, Buffer.from(match[0], "base64")),
  );
  return [...hex, ...base64];
}

function readable(match: RegExpExecArray, bytes: Buffer): readonly Encoded[] {
  const inner = bytes.toString("utf8");
  if (inner.includes("\ufffd") || !READABLE.test(inner)) return [];
  return [{ start: match.index, end: match.index + match[0].length, inner }];
}
