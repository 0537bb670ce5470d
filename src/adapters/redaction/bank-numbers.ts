import validator from "validator";
import { type FoundValue, groupOf, type Stretch } from "./found-value.ts";

const IBAN = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])/g;
const IBAN_GROUPS_MAX = 8;
const DIGIT_GROUPS = /(?<![\w.-])\d(?:[ -]?\d){12,80}(?![\w-])/g;
// Four groups of four are a card also where a line ends between them.
const CARD_OVER_LINES =
  /(?<![\w.-])\d{4}(?:[ -]|\s?\n[ \t>|]{0,4})\d{4}(?:[ -]|\s?\n[ \t>|]{0,4})\d{4}(?:[ -]|\s?\n[ \t>|]{0,4})\d{4}(?![\w-])/g;
// A card is written as one row of digits or in a few groups.
const CARD_GROUPS_MAX = 5;
const CARD_GROUP_MIN = 3;
/** How the numbers of issuers begin, by their length. */
const ISSUERS: Readonly<Record<number, RegExp>> = {
  14: /^3[0689]/,
  15: /^3[47]/,
  16: /^(?:4|5[0-8]|6|2[2-7]|35|9792|81)/,
  18: /^(?:5[0678]|6)/,
  19: /^(?:4|50|6)/,
};
const CARD_DIGITS_MAX = 19;
/** Numbers that payment providers publish for trying things out. */
const TEST_CARD =
  /^(?:4242|40000[05]|400000|411111|4012888|5555555555554444|5105105|2223003|378282|371449|601111|3056930|356600|620000)/;
const TEST_WORD = /\b(?:test|tests|sandbox|example|documentation|docs|dummy|sample|beispiel|prueba|essai)\b/i;
const WORDS_AROUND = 60;

/** Finds card numbers and IBANs; what payment providers publish as test cards stays where the text says so. */
export function findBankNumbers(text: string): readonly FoundValue[] {
  return [...findIbans(text), ...findCards(text)];
}

function findIbans(text: string): readonly FoundValue[] {
  return [...text.matchAll(IBAN)].flatMap((match) => {
    // A word in capitals may follow the last group.
    let written = match[0];
    for (let groups = 0; groups < IBAN_GROUPS_MAX; groups += 1) {
      const key = written.replaceAll(/[ -]/g, "").toUpperCase();
      if (validator.isIBAN(key)) {
        return [{ kind: "iban" as const, start: match.index, end: match.index + written.length, key }];
      }
      const cut = Math.max(written.lastIndexOf(" "), written.lastIndexOf("-"));
      if (cut === -1) return [];
      written = written.slice(0, cut);
    }
    return [];
  });
}

function findCards(text: string): readonly FoundValue[] {
  const inRows = [...text.matchAll(DIGIT_GROUPS)].flatMap((match) => {
    const groups = [...match[0].matchAll(/\d+/g)].map((group) => ({
      start: match.index + group.index,
      end: match.index + group.index + group[0].length,
    }));
    const cards: FoundValue[] = [];
    for (const [first, group] of groups.entries()) {
      // The end of one card and the beginning of the next may look like a third.
      if (group.start < (cards.at(-1)?.end ?? 0)) continue;
      cards.push(...cardAt(text, groups.slice(first, first + CARD_GROUPS_MAX)));
    }
    return cards;
  });
  const overLines = [...text.matchAll(CARD_OVER_LINES)].flatMap((match) => {
    const key = match[0].replace(/\D/g, "");
    return isCard(key) ? [groupOf(match, "card", match[0], key)] : [];
  });
  return [...inRows, ...overLines].filter((card) => !isPublishedTest(text, card));
}

/** Other numbers may stand right beside a card, so it ends at the first group with which it is one. */
function cardAt(text: string, groups: readonly Stretch[]): readonly FoundValue[] {
  const start = groups[0]?.start ?? 0;
  for (const [index, { end }] of groups.entries()) {
    const key = text.slice(start, end).replace(/\D/g, "");
    if (key.length > CARD_DIGITS_MAX) break;
    const isGrouped =
      index === 0 || groups.slice(0, index + 1).every((group) => group.end - group.start >= CARD_GROUP_MIN);
    if (isGrouped && isCard(key)) return [{ kind: "card", start, end, key }];
  }
  return [];
}

function isCard(digits: string): boolean {
  return ISSUERS[digits.length]?.test(digits) === true && validator.isLuhnNumber(digits);
}

function isPublishedTest(text: string, { key, start, end }: FoundValue): boolean {
  if (!TEST_CARD.test(key)) return false;
  return TEST_WORD.test(
    `${text.slice(Math.max(0, start - WORDS_AROUND), start)} ${text.slice(end, end + WORDS_AROUND)}`,
  );
}
