import { isIP } from "node:net";
import { findPhoneNumbersInText } from "libphonenumber-js";
import validator from "validator";
import type { FoundValue } from "./found-value.ts";

const LOCAL_PART_MAX = 64;
const DOMAIN_MAX = 253;
const PHONE_DIGITS_MIN = 8;
const PHONE_DIGITS_MAX = 15;
const PUBLIC_ADDRESSES = new Set(["127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "::"]);
const IBAN_GROUPS_MAX = 6;

const IPV4 = /(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\w)/g;
const IPV6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])/gi;
const DIGIT_GROUPS = /(?<![\w.-])\d(?:[ -]?\d){12,80}(?![\w-])/g;
// A card is written as one row of digits or in a few groups.
const CARD_DIGITS_MIN = 13;
const CARD_DIGITS_MAX = 19;
const CARD_GROUPS_MAX = 5;
const CARD_GROUP_MIN = 3;
const IBAN = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])/g;
// The national writings that leave no doubt; a bare row of digits may be an order.
const NATIONAL_PHONE = /(?<![\w+.-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4}(?![\w-])/g;
const INTERNATIONAL_PHONE = /(?<![\w+])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d(?:[ ./-]?\d){5,12}(?!\w)/g;
const NAMED_PHONE =
  /\b(?:phone|tel|telephone|mobile|cell|whatsapp|sms|fax|telefon|téléphone|teléfono|telefone|handy)(?: ?(?:number|no|nr))?\.?["']?\s{0,3}[:=]?\s{0,3}["']?(\(?0?\d(?:[ ()./-]{0,2}\d){6,14})(?![\w-])/gi;
// The library takes a number after a comma for an extension; in prose it is the next thing of a list.
const LISTED_AFTER = /\s*[,;]\s*\d+$/;
const VERSION_BEFORE =
  /(?:\bv|\bver|\bversion|\brelease|\bbuild|\bchrome|\bfirefox|\bsafari|\bagent)[\s/:=.]{0,3}$/i;

/** Finds personal data that a check confirms: e-mail, IBAN, card, IP and phone numbers. */
export function findPersonalData(text: string): readonly FoundValue[] {
  return [
    ...findEmails(text),
    ...findIbans(text),
    ...findCards(text),
    ...findAddresses(text),
    ...findPhones(text),
  ];
}

function findEmails(text: string): readonly FoundValue[] {
  const found: FoundValue[] = [];
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const local =
      /[\p{L}\p{N}._%+'-]*$/u
        .exec(text.slice(Math.max(0, at - LOCAL_PART_MAX), at))?.[0]
        .replace(/^[^\p{L}\p{N}]+/u, "") ?? "";
    const domain =
      /^(?:[\p{L}\p{N}-]{1,63}\.)+[\p{L}\p{N}-]{2,63}/u.exec(text.slice(at + 1, at + 1 + DOMAIN_MAX))?.[0] ??
      "";
    const address = `${local}@${domain}`;
    if (local === "" || domain === "" || !validator.isEmail(address)) continue;
    found.push({
      kind: "email",
      start: at - local.length,
      end: at + 1 + domain.length,
      key: address.toLowerCase(),
    });
  }
  return found;
}

function findIbans(text: string): readonly FoundValue[] {
  return [...text.matchAll(IBAN)].flatMap((match): FoundValue[] => {
    // A word in capitals may follow the last group.
    let written = match[0];
    for (let groups = 0; groups < IBAN_GROUPS_MAX; groups += 1) {
      const key = written.replaceAll(" ", "").toUpperCase();
      if (validator.isIBAN(key))
        return [{ kind: "iban", start: match.index, end: match.index + written.length, key }];
      const cut = written.lastIndexOf(" ");
      if (cut === -1) return [];
      written = written.slice(0, cut);
    }
    return [];
  });
}

function findCards(text: string): readonly FoundValue[] {
  return [...text.matchAll(DIGIT_GROUPS)].flatMap((match) => {
    const groups = [...match[0].matchAll(/\d+/g)].map((group) => ({
      start: match.index + group.index,
      end: match.index + group.index + group[0].length,
    }));
    return groups.flatMap((_, first) => cardAt(text, groups.slice(first, first + CARD_GROUPS_MAX)));
  });
}

/** Other numbers may stand right beside a card, so it ends at the first group with which it is one. */
function cardAt(
  text: string,
  groups: readonly { readonly start: number; readonly end: number }[],
): readonly FoundValue[] {
  const start = groups[0]?.start ?? 0;
  for (const [index, { end }] of groups.entries()) {
    const key = text.slice(start, end).replace(/\D/g, "");
    if (key.length > CARD_DIGITS_MAX) break;
    const isGrouped =
      index === 0 || groups.slice(0, index + 1).every((group) => group.end - group.start >= CARD_GROUP_MIN);
    if (key.length >= CARD_DIGITS_MIN && isGrouped && validator.isCreditCard(key))
      return [{ kind: "card", start, end, key }];
  }
  return [];
}

function findAddresses(text: string): readonly FoundValue[] {
  return [...text.matchAll(IPV4), ...text.matchAll(IPV6)].flatMap((match): FoundValue[] => {
    const address = match[0].toLowerCase();
    const isVersion = VERSION_BEFORE.test(text.slice(Math.max(0, match.index - 12), match.index));
    // Two colons between letters are a scope in many languages.
    const isAddress = isIP(address) === 4 || (isIP(address) === 6 && /\d/.test(address));
    return isAddress && !isVersion && !PUBLIC_ADDRESSES.has(address) ? [spanOf(match, "ip", address)] : [];
  });
}

function findPhones(text: string): readonly FoundValue[] {
  const validated = findPhoneNumbersInText(text).map(({ startsAt, endsAt, number }): FoundValue => {
    const end = startsAt + text.slice(startsAt, endsAt).replace(LISTED_AFTER, "").length;
    return { kind: "phone", start: startsAt, end, key: number.number.replace(/\D/g, "") };
  });
  const written = [NATIONAL_PHONE, INTERNATIONAL_PHONE].flatMap((pattern) => [...text.matchAll(pattern)]);
  const named = [...text.matchAll(NAMED_PHONE)].map((match) => {
    const value = match[1] ?? "";
    return { value, start: match.index + match[0].length - value.length };
  });
  const unvalidated = [
    ...written.map((match) => ({ value: match[0], start: match.index })),
    ...named,
  ].flatMap(({ value, start }): FoundValue[] => {
    const key = value.replace(/\D/g, "");
    const isPhone = key.length >= PHONE_DIGITS_MIN && key.length <= PHONE_DIGITS_MAX;
    return isPhone ? [{ kind: "phone", start, end: start + value.length, key }] : [];
  });
  // Two numbers side by side look like one long number to a pattern; the library knows where the first one ends.
  const rest = unvalidated.filter(
    (value) => !validated.some(({ start, end }) => value.start < end && value.end > start),
  );
  return [...validated, ...rest];
}

function spanOf(match: RegExpExecArray, kind: FoundValue["kind"], key: string): FoundValue {
  return { kind, start: match.index, end: match.index + match[0].length, key };
}
