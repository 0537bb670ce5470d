import { createPrivateKey } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";

const SECRET_LENGTH_MIN = 32;
const SECRETS_MAX = 4;
/** Shorter units that fill a secret by repetition are guessed at once. */
const REPEATED_UNIT_LENGTH_MAX = 7;
const WELL_KNOWN_WORDS = new Set(["development", "secret", "webhooksecret", "changeme", "password", "test"]);
const VISIBLE = /^[!-~]+$/;
const HOSTS_MAX = 100;
const SETUPS_PER_DAY_MAX = 100;
const HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(:\d{1,5})?$/;
const BRACKETED_ADDRESS = /^\[[0-9a-f:.]{2,45}\](:\d{1,5})?$/;

/** Reads a value in a zod pipe and names what was expected where it is not usable. */
type Reader<T> = (text: string, context: z.core.$RefinementCtx<string>) => T;

/** Splits and checks webhook secrets. */
export const webhookSecrets: Reader<readonly string[]> = (text, context) => {
  const secrets = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const fail = (message: string): never => {
    context.issues.push({ code: "custom", message, input: text });
    return z.NEVER;
  };
  if (secrets.length === 0 || secrets.length > SECRETS_MAX) {
    return fail(`one to ${SECRETS_MAX} secrets, separated by commas while they are rotated`);
  }
  if (secrets.some((secret) => secret.length < SECRET_LENGTH_MIN)) {
    return fail(`at least ${SECRET_LENGTH_MIN} characters each (\`openssl rand -hex 32\` makes one)`);
  }
  if (secrets.some(isGuessable)) {
    return fail("a random value, no well-known word and no repetition (`openssl rand -hex 32` makes one)");
  }
  return secrets;
};

/** Reads the token that opens the pages of operation: one line without blanks, which a browser and a header can carry. */
export const adminToken: Reader<string> = (text, context) => {
  const token = text.trim();
  if (token.length >= SECRET_LENGTH_MIN && VISIBLE.test(token) && !isGuessable(token)) return token;
  const message = `${SECRET_LENGTH_MIN} characters or more, random and without blanks (\`openssl rand -hex 32\` makes one)`;
  context.issues.push({ code: "custom", message, input: text });
  return z.NEVER;
};

function isGuessable(secret: string): boolean {
  const unit = repeatedUnit(secret);
  if (unit.length <= REPEATED_UNIT_LENGTH_MAX) return true;
  return WELL_KNOWN_WORDS.has(unit.toLowerCase().replaceAll(/[^a-z]/g, ""));
}

/** The shortest text that gives the whole when it is repeated, the last time perhaps in part. */
function repeatedUnit(text: string): string {
  for (let length = 1; length < text.length; length++) {
    const unit = text.slice(0, length);
    if (unit.repeat(Math.ceil(text.length / length)).startsWith(text)) return unit;
  }
  return text;
}

/** Gives an RSA private key as PEM with real line breaks, or undefined where the text is none. */
export function privateKeyPem(text: string): string | undefined {
  const trimmed = text.trim();
  const candidates = [
    trimmed.replaceAll("\\n", "\n"),
    Buffer.from(trimmed, "base64").toString("utf8").replaceAll("\\n", "\n"),
  ];
  return candidates.find(isRsaKey);
}

function isRsaKey(pem: string): boolean {
  if (!pem.includes("-----BEGIN")) return false;
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

/** Reads a URL of one of these schemes and leaves out a final slash. */
export function url(schemes: readonly string[]): Reader<string> {
  return (text, context) => {
    const value = text.trim();
    if (URL.canParse(value) && schemes.includes(new URL(value).protocol)) return value.replace(/\/+$/, "");
    const message = `a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(" or ")}`;
    context.issues.push({ code: "custom", message, input: text });
    return z.NEVER;
  };
}

/** Reads the address of this server as people reach it: nothing in it may be a secret, for it is written where all can read it. */
export const publicUrl: Reader<string> = (text, context) => {
  const value = text.trim().replace(/\/+$/, "");
  const read = URL.parse(value);
  const isPlain = read !== null && /^https?:\/\/[A-Za-z0-9.:[\]/_~-]+$/.test(value) && !value.includes("@");
  if (isPlain && read.hostname !== "") return value;
  const message =
    "the address of this server for people, such as https://evals.example.com, without a password, a query or a fragment";
  context.issues.push({ code: "custom", message, input: text });
  return z.NEVER;
};

/** Reads hosts separated by commas, each with or without a port, `*.` for all below a name. */
export const hostList: Reader<readonly string[]> = (text, context) => {
  const hosts = text
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== "");
  if (hosts.length <= HOSTS_MAX && hosts.every(isOutbound)) {
    return hosts;
  }
  const message =
    "host names, addresses and networks separated by commas, such as agent.example.com, *.example.com, 10.0.0.5:8080 or 10.0.0.0/8";
  context.issues.push({ code: "custom", message, input: text });
  return z.NEVER;
};

function isOutbound(entry: string): boolean {
  return HOST.test(entry) || BRACKETED_ADDRESS.test(entry) || isNetwork(entry);
}

function isNetwork(entry: string): boolean {
  const match = /^\[?([0-9a-f:.]+)\]?\/(\d{1,3})$/.exec(entry);
  const family = isIP(match?.[1] ?? "");
  return family !== 0 && Number(match?.[2]) <= (family === 4 ? 32 : 128);
}

/** Reads how many setups an installation is proposed in a day: `off`, or a number up to 100. */
export const setupsPerDay: Reader<number> = (text, context) => {
  if (text === "off") return 0;
  const count = Number(text);
  if (/^\d{1,3}$/.test(text) && count <= SETUPS_PER_DAY_MAX) return count;
  const message = `off, or how many a day: a whole number up to ${SETUPS_PER_DAY_MAX}`;
  context.issues.push({ code: "custom", message, input: text });
  return z.NEVER;
};
