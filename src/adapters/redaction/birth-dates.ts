import { type FoundValue, groupOf } from "./found-value.ts";

const WORDS =
  "date[ _]of[ _]birth|birth[ _-]?dates?|birthday|dob|born(?: on)?|geboren(?: am)?|geb\\.|geburtsdatum|geburtstag|née? le|naissance|nacid[oa](?: el)?|nacimiento|nat[oa](?: il)?|nascita|nascid[oa](?: em)?|nascimento|geboren op|geboortedatum|urodzon[ya]|urodzenia|född|födelsedatum|doğum(?: tarihi)?|doğumlu|родил(?:ся|ась)|рождения|الميلاد|जन्म(?: तिथि)?";
const UNSPACED_WORDS = "生年月日|誕生日|出生日期|生日|生于|생년월일|생일";
const DATE =
  "(?:\\d{4}[-./]\\d{1,2}[-./]\\d{1,2}|\\d{1,2}[./-]\\d{1,2}[./-]\\d{2,4}|\\d{1,2}(?:st|nd|rd|th|\\.|º|er)? (?:(?:of|de|di) )?\\p{L}{3,12}\\.?,? (?:(?:de|del) )?\\d{4}|\\p{L}{3,12}\\.? \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}|\\d{4}年\\d{1,2}月\\d{1,2}日|\\d{4}년 ?\\d{1,2}월 ?\\d{1,2}일|\\d{8})";
const BIRTH_DATE = new RegExp(
  `(?:(?<![\\p{L}\\p{N}])(?:${WORDS})|${UNSPACED_WORDS})["'\\x60*_)]{0,3}\\s{0,3}[:=]?\\s{0,3}(?:(?:is|was|ist|est|es|è|é|on|am|le|el|il|op|em|dnia)\\s)?(?:は|是|는|은)?["'\\x60*_]{0,3}(${DATE})(?!\\p{N})`,
  "giu",
);

/** Finds dates that the word before them makes a date of birth; other dates say what happened when, and stay. */
export function findBirthDates(text: string): readonly FoundValue[] {
  return [...text.matchAll(BIRTH_DATE)].map((match) => {
    const written = match[1] ?? "";
    return groupOf(match, "birthdate", written, written.toLowerCase().replace(/[\s,]+/g, " "));
  });
}
