import validator from "validator";
import { type FoundValue, groupOf } from "./found-value.ts";

const LOCAL_PART_MAX = 64;
const DOMAIN_MAX = 253;
// The user of every address from which a repository is cloned.
const CLONING_USER = "git";
const TOP_DOMAINS =
  "com|org|net|edu|gov|info|biz|io|ai|app|dev|eu|de|at|ch|fr|es|it|pt|br|nl|be|pl|se|no|dk|fi|tr|jp|cn|kr|in|ru|uk|us|ca|au|mx|ar|ae|sa";
const SPELLED_OUT = new RegExp(
  String.raw`(?<![\w.@-])([\w.+-]{1,64}(?:\s(?:dot|punkt|punto)\s\w{1,30}){0,2})(?:\s?[[({<]\s?(?:at|arroba|chez|bei)\s?[\])}>]\s?|\s(?:at|arroba)\s)((?:[\w-]{1,63}(?:\s?[[({]\s?(?:dot|punkt|punto|point|ponto)\s?[\])}]\s?|\s(?:dot|punkt|punto|ponto)\s|\.)){1,4}(?:${TOP_DOMAINS}))(?![\w@-])`,
  "gi",
);

/** Finds e-mail addresses, also those that are spelled out with "at" and "dot". */
export function findEmails(text: string): readonly FoundValue[] {
  return [...findWritten(text), ...findSpelledOut(text)];
}

function findWritten(text: string): readonly FoundValue[] {
  const found: FoundValue[] = [];
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const before = text.slice(Math.max(0, at - LOCAL_PART_MAX), at);
    const local = /[\p{L}\p{M}\p{N}._%+'-]*$/u.exec(before)?.[0].replace(/^[^\p{L}\p{N}]+/u, "") ?? "";
    const after = text.slice(at + 1, at + 1 + DOMAIN_MAX);
    // Scripts without blanks go on behind the address, so a domain in Latin letters ends with them.
    const domain =
      /^(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}/i.exec(after)?.[0] ??
      /^(?:[\p{L}\p{N}-]{1,63}\.)+[\p{L}\p{N}-]{2,63}/u.exec(after)?.[0] ??
      "";
    if (local === "" || domain === "" || local === CLONING_USER) continue;
    const latin = /[a-z0-9._%+'-]+$/i.exec(local)?.[0] ?? "";
    const isMixed =
      latin !== "" &&
      latin.length < local.length &&
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(local);
    const name = isMixed ? latin : local;
    const address = `${name}@${domain}`;
    if (!validator.isEmail(address)) continue;
    const start = at - name.length;
    found.push({ kind: "email", start, end: at + 1 + domain.length, key: address.toLowerCase() });
  }
  return found;
}

function findSpelledOut(text: string): readonly FoundValue[] {
  return [...text.matchAll(SPELLED_OUT)].flatMap((match) => {
    const [written, local = "", domain = ""] = match;
    // In prose "look at acme.com" is a place; two words that are spelled out are an address.
    const isProse =
      /^\S+\s(?:at|arroba)\s\S+$/i.test(written) && !/\s(?:dot|punkt|punto|ponto)\s/i.test(written);
    const plain = domain.replace(/\s?[[({]?\s?\b(?:dot|punkt|punto|point|ponto)\b\s?[\])}]?\s?/gi, ".");
    const address = `${local.replace(/\s\w+\s/g, ".")}@${plain}`.toLowerCase();
    return isProse || !validator.isEmail(address) ? [] : [groupOf(match, "email", written, address)];
  });
}
