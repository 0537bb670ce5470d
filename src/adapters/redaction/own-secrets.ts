import { type FoundValue, groupOf } from "./found-value.ts";
import { NAMES_BEFORE_CODE, NAMES_IN_SPACED_WORDS, NAMES_IN_UNSPACED_WORDS } from "./secret-names.ts";

const VALUE_LENGTH_MIN = 6;
const RANDOM_LENGTH_MIN = 16;
const CHOSEN_LENGTH_MIN = 8;
const KEY_BLOCK_MAX = 16_384;
const KEY_BLOCK_BEGIN = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_BLOCK_END = /-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
// Header lines, lines of one Base64 word, and a last word that is cut short.
const KEY_LINES =
  /^(?:[ \t>|]*(?:[A-Za-z][\w-]{0,30}: [^\n]{0,200}|[A-Za-z0-9+/=]*)[ \t]*(?:\n|\\r\\n|\\n))*(?:[ \t>|]*[A-Za-z0-9+/=]{1,400}(?=[ \t]*(?:$|\n|\\|-----|["'`]|\.{3}|…)))?/;

/** Secrets that are known by how they look, each with the group that holds the value. */
const SHAPES: readonly RegExp[] = [
  // JSON Web Token, also cut before its signature.
  /(?<![\w-])(eyJ[\w-]{8,65536}\.[\w-]{8,65536}(?:\.[\w-]{0,65536})?)/g,
  /\bBearer\s{1,4}([\w.~+/=-]{12,65536})/gi,
  /\bAuthorization["']?\s{0,3}[:=]\s{0,3}["']?Basic\s{1,4}([\w+/=]{8,65536})/gi,
  // Google: API key, access token, client secret.
  /(?<![\w-])(AIza[\w-]{30,60})/g,
  /(?<![\w-])(ya29\.[\w-]{20,4096}|GOCSPX-[\w-]{20,100})/g,
  // Keys with the prefix of a vendor, in any length that their formats had so far.
  /(?<![\w-])((?:sk|rk|pk)[-_](?:live|test|proj|ant|or|svcacct|lf)[-_][\w-]{12,4096})/g,
  /(?<![\w-])(sk-[A-Za-z0-9]{20,4096})/g,
  /(?<![\w-])((?:gh[pousr]_|github_pat_|gl[a-z]{2,8}-|xox[abeposr]-|xapp-|npm_|hf_|gsk_|r8_|xai-|pplx-|nvapi-|whsec_|dckr_pat_|dop_v1_|doo_v1_|pypi-|shp(?:at|ss|ca|pa)_|sq0(?:atp|csp)-|lin_api_|ntn_|figd_|sbp_|sntrys_|NRAK-|PMAK-|dapi|hv[bs]\.|tskey-|ATATT|ATCTT|glsa_|rubygems_|sgp_|vercel_|vc[pkir]_|key-|co_)(?=[\w.-]{0,40}\d)[\w.-]{16,4096}\b)/g,
  /(?<![A-Za-z0-9])((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})(?![A-Za-z0-9])/g,
  /(?<![\w-])(SG\.[\w-]{16,32}\.[\w-]{32,64})/g,
  /(?<![\w-])((?:SK|key-)[0-9a-f]{32})(?![\w-])/g,
  // Bots of Telegram and Discord, and the addresses that anybody may post to.
  /(?<![\w-])(\d{8,10}:AA[\w-]{30,40})(?![\w-])/g,
  /(?<![\w-])([MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,40})(?![\w-])/g,
  /(https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]{20,200})/gi,
  /(https:\/\/(?:\w{1,20}\.)?discord(?:app)?\.com\/api\/webhooks\/\d{10,25}\/[\w-]{30,100})/gi,
  // The password in an address of any kind, and that of a command.
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'<>]{0,100}:([^\s@/"'<>]{3,200})@/gi,
  /\bcurl\b[^\n]{0,200}?\s(?:-u|--user)[ =]?["']?[^\s:"']{1,100}:([^\s"']{3,200})/g,
  // What names itself in the query of an address.
  /[?&;](?:access_token|refresh_token|id_token|token|sig|signature|key|api_?key|auth|password|passwd|secret|session|sid|X-Amz-(?:Signature|Security-Token|Credential))=([^\s&"'<>)\]]{8,4096})/gi,
  /\b\w{0,20}SESS(?:ION)?_?ID=([\w-]{16,400})/gi,
  // A name and a value on lines of their own, as deployments write the environment.
  /\bname:\s{0,3}["']?\w{0,60}(?:TOKEN|SECRET|PASSWORD|PASSWD|KEY|PWD)\w{0,20}["']?,?\s{0,3}\n\s{0,20}value:\s{0,3}["']?([^\s"']{6,4096})/gi,
];

const COOKIES = /\b(?:Set-)?Cookie["']?\s{0,3}[:=]\s{0,3}([^\n]{1,8192})/gi;
const COOKIE = /([\w.-]{1,100})=([^;\s,"'\\]{8,4096})/g;
const COOKIE_OF_SOMEBODY = /sess|sid|auth|token|jwt|csrf|xsrf|remember|login|user/i;

const SEPARATOR = String.raw`(?:=>|:=|=|:|(?<!\p{L})(?:is|ist|lautet|est|es|è|é|jest|är|was|war|était|era)(?!\p{L})|は|是|为|는|은)`;
const VALUE = String.raw`(?:(["'\x60])([^"'\x60\n]{4,400})\1|([^\s"'\x60,;<>]{${VALUE_LENGTH_MIN},400}))`;
const ASSIGNMENTS: readonly RegExp[] = [
  `(?<![\\p{L}\\p{N}])(?:${NAMES_IN_SPACED_WORDS.join("|")})`,
  `(?:${NAMES_IN_UNSPACED_WORDS.join("|")})`,
].map((names) => new RegExp(`${names}["'\\x60*)]{0,4}\\s{0,3}${SEPARATOR}\\s{0,3}${VALUE}`, "giu"));
// Without a sign between the two only what looks like nothing that is spoken.
const BESIDE_NAME = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${NAMES_IN_SPACED_WORDS.join("|")})\\s{1,3}["'\\x60]?([\\w+/=~-]{${RANDOM_LENGTH_MIN},400})`,
  "giu",
);
// Words may stand between, where what follows is made like a password and like no word.
const WORDS_BETWEEN = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${NAMES_IN_SPACED_WORDS.join("|")})(?: \\p{L}{1,20}(?!\\p{L})){0,4}\\s{0,2}(?:${SEPARATOR}|/)?\\s{0,2}(?<=[\\s:=/])["'\\x60]?([^\\s"'\\x60,;<>]{8,60})`,
  "giu",
);
const USER_AND_PASSWORD =
  /\b(?:login|log in|credentials?|account|admin|root|user)\b[^\n/]{0,40} \/ ["'`]?([^\s"'`,;<>]{8,60})/gi;
const CODES = new RegExp(
  `(?<![\\p{L}\\p{N}_-])(?:${NAMES_BEFORE_CODE.join("|")})(?![\\p{L}\\p{N}_-])(?: \\p{L}{1,20}){0,4}\\s{0,2}${SEPARATOR}\\s{0,3}["']?(\\d[\\d -]{1,8}\\d)(?![\\w-])`,
  "giu",
);
const NO_SECRET =
  /^(?:\[|\$|\{|<|\*{2,}|x{3,}|•{2,}|\.{3}|process\.env|os\.environ|env\.|secrets\.|vault:|true\b|false\b|null\b|none\b|undefined\b|redacted|ord_redacted|unknown|required|missing|invalid|expired|optional|example|string\b|number\b|(?:your|my|the|some|insert|change)[_-]|[A-Z]{2,}(?:_[A-Z]+)+$|[\w.]+\()/i;

/** Finds secrets beside those of the maintained rules: tokens, keys that are cut short, cookies, `password=` and the like in many languages. */
export function findOwnSecrets(text: string): readonly FoundValue[] {
  const shaped = SHAPES.flatMap((shape) =>
    [...text.matchAll(shape)].map((match) => groupOf(match, "secret", match[1] ?? match[0])),
  );
  return [
    ...shaped.filter(({ key }) => !NO_SECRET.test(key)),
    ...findCookies(text),
    ...findAssignments(text),
    ...findCodes(text),
    ...findKeyBlocks(text),
  ];
}

function findCookies(text: string): readonly FoundValue[] {
  return [...text.matchAll(COOKIES)].flatMap((header) => {
    const line = header[1] ?? "";
    const from = header.index + header[0].length - line.length;
    return [...line.matchAll(COOKIE)].flatMap((match): FoundValue[] => {
      const [, name = "", value = ""] = match;
      if (NO_SECRET.test(value) || !(COOKIE_OF_SOMEBODY.test(name) || looksRandom(value))) return [];
      const start = from + match.index + match[0].length - value.length;
      return [{ kind: "secret", start, end: start + value.length, key: value }];
    });
  });
}

function findAssignments(text: string): readonly FoundValue[] {
  const assigned = ASSIGNMENTS.flatMap((pattern) => [...text.matchAll(pattern)]).flatMap((match) => {
    const quoted = match[2];
    const written = quoted ?? bareValue(match[3] ?? "");
    const isShort = written.length < VALUE_LENGTH_MIN;
    if (isShort || NO_SECRET.test(written)) return [];
    // Prose such as "password: reset by support" is no secret.
    const isEquation = /=["'`]?\s*$/.test(match[0].slice(0, match[0].lastIndexOf(written)));
    if (!isEquation && isProse(written, quoted !== undefined)) return [];
    return [groupOf(match, "secret", written)];
  });
  const beside = [...text.matchAll(BESIDE_NAME)].flatMap((match) => {
    const written = match[1] ?? "";
    return looksRandom(written) ? [groupOf(match, "secret", written)] : [];
  });
  const chosen = [WORDS_BETWEEN, USER_AND_PASSWORD]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .flatMap((match) => {
      const written = bareValue(match[1] ?? "");
      return looksChosen(written) && !NO_SECRET.test(written) ? [groupOf(match, "secret", written)] : [];
    });
  return [...assigned, ...beside, ...chosen];
}

/** The value without what stands behind it in an address, a table, Markdown or a sentence. */
function bareValue(text: string): string {
  return text.replace(/&[\w.-]+=.*$|\|.*$|\\+$/s, "").replace(/[.)\]}*_。、]+$/, "");
}

function isProse(value: string, isQuoted: boolean): boolean {
  if (isQuoted)
    return (
      /^\p{Ll}+(?: [\p{L}\p{N}'-]+)*[.!?]?$/u.test(value) &&
      value.includes(" ") &&
      value.split(" ").length > 3
    );
  return /^\p{L}+(?:['-]\p{L}+)*[.!?。]?$/u.test(value);
}

/** Tells whether letters and digits are mixed as in a key; digests of commits and ids with dashes are not meant. */
function looksRandom(value: string): boolean {
  if (value.length < RANDOM_LENGTH_MIN || !/\d/.test(value)) return false;
  return /[A-Z]/.test(value) && /[a-z]/.test(value);
}

/** Tells whether letters, digits and signs are mixed as people do it who have to think of a password. */
function looksChosen(value: string): boolean {
  return (
    value.length >= CHOSEN_LENGTH_MIN &&
    /\p{L}/u.test(value) &&
    /\d/.test(value) &&
    /[!#$%&*@?+^~]/.test(value) &&
    !/[/@].*\.|:\/\/|^[@#]/.test(value)
  );
}

function findCodes(text: string): readonly FoundValue[] {
  return [...text.matchAll(CODES)].map((match) => groupOf(match, "secret", match[1] ?? ""));
}

function findKeyBlocks(text: string): readonly FoundValue[] {
  return [...text.matchAll(KEY_BLOCK_BEGIN)].map((match) => {
    const body = match.index + match[0].length;
    const ahead = text.slice(body, body + KEY_BLOCK_MAX);
    const lines = KEY_LINES.exec(ahead)?.[0].trimEnd().length ?? 0;
    const closing = KEY_BLOCK_END.exec(ahead.slice(lines, lines + 120))?.[0].length ?? 0;
    const gap = closing === 0 ? 0 : ahead.slice(lines).indexOf("-----END");
    const end = body + lines + gap + closing;
    return { kind: "secret", start: match.index, end, key: text.slice(match.index, end) };
  });
}
