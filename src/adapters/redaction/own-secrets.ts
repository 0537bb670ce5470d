import type { FoundValue } from "./found-value.ts";

const KEY_BLOCK_MAX = 16_384;
const KEY_BLOCK_BEGIN = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_BLOCK_END = /-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
// Header lines, lines of one Base64 word, and a last word that is cut short.
const KEY_LINES =
  /^(?:[ \t>|]*(?:[A-Za-z][\w-]{0,30}: [^\n]{0,200}|[A-Za-z0-9+/=]*)[ \t]*(?:\n|\\r\\n|\\n))*(?:[ \t>|]*[A-Za-z0-9+/=]{1,400}(?=[ \t]*(?:$|\n|\\|-----|["'`]|\.{3}|…)))?/;

/** Secrets that the maintained rules do not look for, each with the group that holds the value. */
const PATTERNS: readonly RegExp[] = [
  // JSON Web Token, also cut before its signature.
  /(?<![\w-])(eyJ[\w-]{8,65536}\.[\w-]{8,65536}(?:\.[\w-]{0,65536})?)/g,
  /\bBearer\s{1,4}([\w.~+/=-]{12,65536})/gi,
  /\bAuthorization["']?\s{0,3}[:=]\s{0,3}["']?Basic\s{1,4}([\w+/=]{8,65536})/gi,
  // Google API key.
  /(?<![\w-])(AIza[\w-]{30,60})/g,
  // Keys with the prefix of a vendor, in any length that their formats had so far.
  /(?<![\w-])((?:sk|rk|pk)[-_](?:live|test|proj|ant|or|svcacct)[-_][\w-]{12,4096})/g,
  /(?<![\w-])(sk-[A-Za-z0-9]{20,4096})/g,
  /(?<![\w-])((?:gh[pousr]_|github_pat_|glpat-|xox[abposr]-|npm_)[\w-]{16,4096})/g,
  // The password in an address of any kind.
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'<>]{1,100}:([^\s@/"'<>]{3,200})@/gi,
];

const NAMES =
  "password|passwd|passphrase|pwd|passwort|contraseña|senha|пароль|secret|secret[ _-]?key|client[ _-]?secret|api[ _-]?key|apikey|access[ _-]?key|access[ _-]?token|auth[ _-]?token|refresh[ _-]?token|session[ _-]?token|private[ _-]?key|signing[ _-]?key|token";
const ASSIGNMENT = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${NAMES})[\\"'\x60*]{0,4}\s{0,3}(?:=>|:=|=|:|\bis\b)\s{0,3}(\\?["'\x60])?([^\s"'\x60,;<>\\]{6,400})`,
  "giu",
);
const NO_SECRET =
  /^(?:\[|\$|\{|<|\*{2,}|x{3,}|\.{3}|process\.env|os\.environ|env\.|secrets\.|true\b|false\b|null\b|none\b|undefined\b|redacted|ord_redacted|unknown|required|missing|invalid|expired|optional|example|string\b|number\b)/i;

/** Finds secrets beside those of the maintained rules: tokens, private keys that are cut short, `password=` and the like. */
export function findOwnSecrets(text: string): readonly FoundValue[] {
  const marked = PATTERNS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => secretOf(match, match[1] ?? match[0])),
  );
  return [...marked, ...findAssignments(text), ...findKeyBlocks(text)];
}

function findAssignments(text: string): readonly FoundValue[] {
  return [...text.matchAll(ASSIGNMENT)].flatMap((match) => {
    const value = (match[2] ?? "").replace(/[.)\]}*_]+$/, "");
    if (value.length < 6 || NO_SECRET.test(value)) return [];
    // Unquoted prose such as "password: reset by support" is no secret.
    const isWord =
      match[1] === undefined &&
      /^\p{L}+(?:['-]\p{L}+)*$/u.test(value) &&
      !/=/.test(match[0].slice(0, -value.length));
    const start = match.index + match[0].lastIndexOf(match[2] ?? "");
    return isWord ? [] : [{ kind: "secret" as const, start, end: start + value.length, key: value }];
  });
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

function secretOf(match: RegExpExecArray, value: string): FoundValue {
  const start = match.index + match[0].lastIndexOf(value);
  return { kind: "secret", start, end: start + value.length, key: value };
}
