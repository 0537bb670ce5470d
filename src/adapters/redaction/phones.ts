import { type CountryCode, findPhoneNumbersInText, isValidPhoneNumber } from "libphonenumber-js";
import { type FoundValue, groupOf } from "./found-value.ts";

const DIGITS_MIN = 8;
const DIGITS_MAX = 15;
const NAMED_DIGITS_MIN = 7;

/** Where a number that begins with the national zero may belong. */
const REGIONS: readonly CountryCode[] = [
  "DE",
  "AT",
  "CH",
  "FR",
  "GB",
  "NL",
  "BE",
  "SE",
  "FI",
  "TR",
  "JP",
  "CN",
  "KR",
  "IN",
  "AU",
  "IL",
  "ZA",
  "SA",
  "EG",
  "RO",
];
// The writings that leave no doubt; a bare row of digits may be an order.
const UNMISTAKABLE: readonly RegExp[] = [
  // America.
  /(?<![\w+.-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4}(?![\w-])/g,
  // Brazil, Russia.
  /(?<![\w+.-])\(\d{2}\) ?9?\d{4}-\d{4}(?![\w-])/g,
  /(?<![\w+.-])8 ?\(\d{3,4}\) ?\d{2,3}-\d{2}-\d{2}(?![\w-])/g,
  /(?<![\w+])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d(?:[ ./-]?\d){5,12}(?!\w)/g,
];
const WITH_NATIONAL_ZERO =
  /(?<![\w+.,:/-]|\d )\(?0\d{1,5}\)?[ ./-]{1,3}\d(?:[ ./-]?\d){4,10}(?![\w:-]|[.,]\d)/g;
const WITH_DOUBLE_ZERO = /(?<![\w+.,:/-])00[1-9]\d{0,2}(?:[ ./-]?\d){7,12}(?![\w-])/g;
const DATE = /^(?:[0-2]?\d|3[01])[./ -](?:0?\d|1[0-2])[./ -](?:19|20)?\d{2}(?![./ -]?\d)/;

const WORDS =
  "phone|telephone|tel|mobile|mobil|cell|cellphone|whatsapp|signal|sms|fax|gsm|call|dial|telefon|telefonnummer|rufnummer|rückruf|handy|handynummer|mobilnummer|téléphone|tél|portable|teléfono|tfno|móvil|celular|llame|llamar|telefono|cellulare|chiamare|telefone|telemóvel|ligue|telefoon|bel|mobiel|komórka|ring|cep|телефон|тел|мобильный|звоните|(?:ال)?هاتف\\p{L}{0,3}|(?:ال)?جوال\\p{L}{0,3}|موبايل|मोबाइल|फ़ोन|फोन";
const UNSPACED_WORDS =
  "電話番号|電話|携帯電話|携帯|手机号码|手机号|手机|电话号码|电话|座机|휴대폰|휴대전화|핸드폰|전화번호|전화|연락처";
const NAMED = new RegExp(
  String.raw`(?:(?<![\p{L}\p{N}])(?:${WORDS})|${UNSPACED_WORDS})(?:[ _-]?(?:number|num|no|nr|nummer|numéro|número|numero|numer|номер))?[.)*_]{0,3}["'\x60]?\s{0,3}[:=]?\s{0,3}(?:(?:is|ist|est|es|è|at|on|to|under|unter|au|al|para|は|是|는|은) )?(?:は|是|는|은)?["'\x60*_]{0,3}((?:\+|\(?\+?)?\d(?:[ ()./-]{0,2}\d){6,14})(?![\w-])`,
  "giu",
);
// The library takes a number after a comma for an extension; in prose it is the next thing of a list.
const LISTED_AFTER = /\s*[,;]\s*\d+$/;

/** Finds telephone numbers: with a country by the library, others by their writing or by the word before them. */
export function findPhones(text: string): readonly FoundValue[] {
  // Without a region the library finds numbers with a country only, and looks long at all others.
  const withCountry = text.includes("+") ? findPhoneNumbersInText(text) : [];
  const validated = withCountry.map(({ startsAt, endsAt, number }): FoundValue => {
    const end = startsAt + text.slice(startsAt, endsAt).replace(LISTED_AFTER, "").length;
    return { kind: "phone", start: startsAt, end, key: number.number.replace(/\D/g, "") };
  });
  const shaped = UNMISTAKABLE.flatMap((pattern) => [...text.matchAll(pattern)])
    .filter((match) => hasDigits(match[0], DIGITS_MIN))
    .map((match) => phoneIn(match, match[0]));
  const national = [...text.matchAll(WITH_NATIONAL_ZERO)]
    .filter(([written]) => !DATE.test(written) && isValidSomewhere(written))
    .map((match) => phoneIn(match, match[0]));
  const doubleZero = [...text.matchAll(WITH_DOUBLE_ZERO)]
    .filter(([written]) => isValidPhoneNumber(`+${digitsOf(written).slice(2)}`))
    .map((match) => phoneIn(match, match[0]));
  const named = [...text.matchAll(NAMED)]
    .filter(([, written = ""]) => hasDigits(written, NAMED_DIGITS_MIN) && !DATE.test(written))
    .map((match) => phoneIn(match, match[1] ?? ""));
  // Two numbers side by side look like one long number to a pattern; the library knows where the first one ends.
  const rest = [...shaped, ...national, ...doubleZero, ...named].filter(
    (value) => !validated.some(({ start, end }) => value.start < end && value.end > start),
  );
  return [...validated, ...rest];
}

function phoneIn(match: RegExpExecArray, written: string): FoundValue {
  return groupOf(match, "phone", written, digitsOf(written).replace(/^00/, ""));
}

function digitsOf(written: string): string {
  return written.replace(/\D/g, "");
}

function hasDigits(written: string, least: number): boolean {
  const { length } = digitsOf(written);
  return length >= least && length <= DIGITS_MAX;
}

function isValidSomewhere(written: string): boolean {
  return REGIONS.some((region) => isValidPhoneNumber(written, region));
}
