import { fencesOf, unquote } from "./field-text.ts";
import { PERSONS } from "./person-words.ts";
import { type Message, readTurns } from "./read-messages.ts";
import { readSeverity } from "./read-severity.ts";
import type { Severity } from "./taxonomy.ts";

const TEXT_LENGTH_MAX = 20_000;
const SENTENCES_MAX = 400;
const SAID_LENGTH_MAX = 2_000;
const EXPECTED_MAX = 20;

const SPEAKER = String.raw`\b(?:(?:the|our|an?|one|some)\s+(?:\w+\s+){0,2})?(?:${PERSONS}|I|she|he|they)`;
const SAYING = "(?:asked|wrote|said|typed|requested|prompted|texted|sent)";
/** A line that ends with who asked, ahead of a quote or a fence. */
const INTRODUCED = new RegExp(
  String.raw`(?:^|[\n.]\s*)[^\n.]{0,80}?${SPEAKER}\s+(?:had\s+|then\s+|just\s+)?${SAYING}\b[^\n.]{0,80}:[ \t]*\n\s*\n?`,
  "giu",
);
/** A sentence that tells who asked and quotes it. */
const QUOTED = new RegExp(
  String.raw`${SPEAKER}\s+(?:had\s+|then\s+|just\s+)?${SAYING}\b(?!\s+(?:not|that)\b)[^\n."“]{0,60}?["“]([^"“”\n]{4,${SAID_LENGTH_MAX}})["”]`,
  "iu",
);
const USER_TURN =
  /^\s*(?:[-*+]\s+)?(?:\*\*)?(?:user|customer|human|client|caller|visitor|guest|patient|member|employee|student|travell?er|passenger|tenant|buyer|shopper|candidate|applicant|subscriber|kunde|kundin|nutzer|nutzerin)(?:\*\*)?\s*[:：](?:\*\*)?\s*\S/i;
const SENTENCE_END = /(?<=[.!?])\s+(?=[\p{Lu}"“`*])|\n\s*\n|\n(?=\s*(?:[-*+]|\d{1,2}[.)])\s)/u;
const EXPECTED =
  /^(?:[-*+]\s+|\d{1,2}[.)]\s+)?(?:instead,?\s+)?(?:it|(?:the|our)\s+(?:[\p{L}-]+\s+){0,2}(?:agent|assistant|bot|model|chatbot|system))\s+(?:(?:should|must|ought|shall)\b|(?:was|is)\s+(?:supposed|expected|meant)\s+to\b|(?:has|had|needs?|needed)\s+to\b|may\s+(?:never|not|only)\b)/iu;
/** A rule without its subject, which counts only beside a sentence that has one. */
const NEVER = /^(?:[-*+]\s+)?(?:never\s+(?!seen|happened|saw|had|been|before)\p{L}+|must\s)/iu;
const SEVERITY =
  /\bsev(?:erity)?[\s:-]{0,2}[0-5]\b|\b(?:severity|priority)(?:\s+(?:is|was|of)\s+|[\s:*_]{1,6})(?:s(?:ev)?-?[1-4]|p[0-4]|critical|high|medium|low)\b|\b(?:is|was|an?)\s+(?:s[1-4]|p[0-4])\b/i;

/** Finds in prose what a person asked of the agent: a quote or fence that a sentence introduces so, or words in quotation marks. */
export function requestInProse(texts: readonly string[]): string | undefined {
  for (const written of texts) {
    const text = written.slice(0, TEXT_LENGTH_MAX);
    for (const match of text.matchAll(INTRODUCED)) {
      const said = blockAt(text.slice(match.index + match[0].length));
      if (said !== undefined) return said;
    }
    const quoted = QUOTED.exec(withoutBlocks(text))?.[1]?.trim();
    if (quoted !== undefined) return quoted;
  }
  return undefined;
}

/** Finds turns of a conversation that begin somewhere in prose with what a person said, up to the next empty line. */
export function turnsInProse(texts: readonly string[]): readonly Message[] {
  for (const text of texts) {
    const lines = withoutBlocks(text.slice(0, TEXT_LENGTH_MAX)).split("\n");
    const first = lines.findIndex((line) => USER_TURN.test(line));
    if (first === -1) continue;
    const end = lines.findIndex((line, index) => index > first && line.trim() === "");
    return readTurns(lines.slice(first, end === -1 ? lines.length : end).join("\n"));
  }
  return [];
}

/** The quote or the fence that a text begins with. */
function blockAt(text: string): string | undefined {
  const [fence] = fencesOf(text);
  if (fence?.start === 0) return fence.content.trim() || undefined;
  const quote = /^(?: {0,3}>[^\n]*(?:\n|$))+/.exec(text)?.[0];
  return quote === undefined ? undefined : unquote(quote.trimEnd()).trim() || undefined;
}

/** Finds the sentences of prose that say what the agent should have done. */
export function expectedInProse(texts: readonly string[]): string | undefined {
  const sentences = texts
    .flatMap((text) => withoutBlocks(text.slice(0, TEXT_LENGTH_MAX)).split(SENTENCE_END))
    .slice(0, SENTENCES_MAX)
    .map((sentence) => sentence.trim())
    .filter((sentence) => EXPECTED.test(sentence) || NEVER.test(sentence));
  return !sentences.some((sentence) => EXPECTED.test(sentence))
    ? undefined
    : sentences.slice(0, EXPECTED_MAX).join("\n");
}

/** Finds a severity that prose names by its token, such as "this is a SEV-1". */
export function severityInProse(texts: readonly string[]): Severity | undefined {
  for (const text of texts) {
    const told = SEVERITY.exec(withoutBlocks(text.slice(0, TEXT_LENGTH_MAX)))?.[0];
    if (told !== undefined) return readSeverity(told.replace(/^(?:is|was|an?)\s+/i, ""));
  }
  return undefined;
}

/** Prose without fences and quotes, which hold what somebody else said. */
function withoutBlocks(text: string): string {
  const kept: string[] = [];
  let at = 0;
  for (const fence of fencesOf(text)) {
    kept.push(text.slice(at, fence.start));
    at = fence.end;
  }
  return [...kept, text.slice(at)].join("\n\n").replace(/^ {0,3}>.*$/gm, "");
}
