import { lintSource } from "@secretlint/core";
import { secretLintProfiler } from "@secretlint/profiler";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { stripHiddenCharacters } from "../../core/text/hidden-characters.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { Redacted, Redactor } from "../../ports/redactor.ts";
import { type FoundValue, PLACEHOLDER, type ValueKind, withoutOverlaps } from "./found-value.ts";
import { findOwnSecrets } from "./own-secrets.ts";
import { findPersonalData } from "./personal-data.ts";

const SHORTEST_VALUE = 6;
// No rule's secret runs over it but a private key, which our own pattern finds within one text.
const SEPARATOR = "\n\n\u0000\n\n";
const REPEATED_SECRET_MIN = 8;
const SECRETS_MAX = 500;
/** A replacement can bring two halves together; a text that still changes after so many rounds is our bug. */
const ROUNDS_MAX = 8;

/** The preset as a whole obeys `secretlint-disable` in the text that it looks at, so its rules are used one by one without that one. */
const CONFIG = {
  rules: rules
    .filter((rule) => !rule.meta.id.includes("filter-comments"))
    .map((rule) => ({
      id: rule.meta.id,
      rule,
      options: rule.meta.id.endsWith("-aws") ? { enableIDScanRule: true } : {},
    })),
};

// It keeps its marks for as long as the process lives; nobody here reads them.
secretLintProfiler.setEnabled(false);

/** Makes a redactor on maintained rules for secrets and on checked patterns for personal data; it keeps nothing between calls. */
export function makeSecretlintRedactor(): Redactor {
  return { redact };
}

async function redact(texts: readonly string[]): Promise<Redacted> {
  const names = new Placeholders(texts);
  let current = texts.map(stripHiddenCharacters);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const found = await findValues(current);
    const secrets = found
      .flat()
      .filter(({ kind, key }) => kind === "secret" && key.length >= REPEATED_SECRET_MIN);
    const repeated = withEncodings(secrets.map(({ key }) => key));
    const replaced = current.map((text, index) => {
      const values = [...(found[index] ?? []), ...findRepeated(text, repeated)];
      return replace(text, withoutOverlaps(outsidePlaceholders(text, values)), names);
    });
    if (replaced.every((text, index) => text === current[index]))
      return { texts: current, counts: names.counts() };
    current = replaced;
  }
  throw new Error(`redaction did not come to rest in ${ROUNDS_MAX} rounds`);
}

async function findValues(texts: readonly string[]): Promise<readonly (readonly FoundValue[])[]> {
  const bySecretRules = await findRuleSecrets(texts);
  return texts.map((text, index) => {
    if (text.length < SHORTEST_VALUE) return [];
    return [...(bySecretRules[index] ?? []), ...findOwnSecrets(text), ...findPersonalData(text)];
  });
}

/** All texts are looked at as one source: the rules cost more per source than per character. */
async function findRuleSecrets(texts: readonly string[]): Promise<readonly (readonly FoundValue[])[]> {
  const content = texts.join(SEPARATOR);
  const messages = await lint(content);
  let start = 0;
  return texts.map((text) => {
    const [from, to] = [start, start + text.length];
    start = to + SEPARATOR.length;
    return messages
      .filter(({ range }) => range[0] >= from && range[1] <= to)
      .map(({ range }) => ({
        kind: "secret",
        start: range[0] - from,
        end: range[1] - from,
        key: content.slice(range[0], range[1]),
      }));
  });
}

async function lint(content: string): Promise<readonly { readonly range: readonly [number, number] }[]> {
  const source = { content, filePath: "incident.md", ext: ".md", contentType: "text" } as const;
  try {
    return (await lintSource({ source, options: { config: CONFIG, noPhysicFilePath: true } })).messages;
  } catch (cause) {
    throw new ExternalFailure("The rules for secrets could not be run, so nothing was passed on.", {
      system: "redaction",
      retryable: false,
      cause,
    });
  }
}

/** A secret stands for itself wherever it is repeated, also in Base64; both have its placeholder. */
function withEncodings(secrets: readonly string[]): ReadonlyMap<string, string> {
  const forms = new Map<string, string>();
  for (const secret of [...new Set(secrets)].slice(0, SECRETS_MAX)) {
    forms.set(secret, secret);
    forms.set(Buffer.from(secret).toString("base64"), secret);
    forms.set(Buffer.from(secret).toString("base64url"), secret);
  }
  return forms;
}

function findRepeated(text: string, forms: ReadonlyMap<string, string>): readonly FoundValue[] {
  const found: FoundValue[] = [];
  for (const [form, key] of forms) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + form.length)) {
      found.push({ kind: "secret", start: at, end: at + form.length, key });
    }
  }
  return found;
}

function outsidePlaceholders(text: string, found: readonly FoundValue[]): readonly FoundValue[] {
  const taken = [...text.matchAll(PLACEHOLDER)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  if (taken.length === 0) return found;
  return found.filter((value) => !taken.some(({ start, end }) => value.start < end && value.end > start));
}

function replace(text: string, found: readonly FoundValue[], names: Placeholders): string {
  const pieces: string[] = [];
  let at = 0;
  for (const value of found) {
    pieces.push(text.slice(at, value.start), names.name(value));
    at = value.end;
  }
  return pieces.join("") + text.slice(at);
}

/** Gives each value its placeholder, and counts the places. */
class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #last = new Map<string, number>();
  readonly #places = new Map<ValueKind, number>();

  /** Numbers go on after those that the texts hold already. */
  constructor(texts: readonly string[]) {
    for (const [, kind = "", number] of texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)])) {
      this.#last.set(kind, Math.max(this.#last.get(kind) ?? 0, Number(number)));
    }
  }

  name({ kind, key }: FoundValue): string {
    this.#places.set(kind, (this.#places.get(kind) ?? 0) + 1);
    const known = this.#names.get(`${kind} ${key}`);
    if (known !== undefined) return known;
    const number = (this.#last.get(kind) ?? 0) + 1;
    this.#last.set(kind, number);
    const name = `[${kind}-${number}]`;
    this.#names.set(`${kind} ${key}`, name);
    return name;
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#places);
  }
}
