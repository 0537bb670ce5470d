import type { Severity } from "./taxonomy.ts";

const TEXT_LENGTH_MAX = 300;
// The scales with a zero have no place above S1, those with a five none below S4.
const BY_NUMBER: readonly Severity[] = ["S1", "S1", "S2", "S3", "S4", "S4"];
const BY_PRIORITY: readonly Severity[] = ["S1", "S2", "S3", "S4", "S4"];

const WORDS: Readonly<Record<Severity, readonly string[]>> = {
  S1: [
    "critical",
    "blocker",
    "catastrophic",
    "emergency",
    "kritisch",
    "critique",
    "crítico",
    "crítica",
    "критическая",
    "критический",
    "критично",
    "致命的",
    "緊急",
  ],
  S2: [
    "high",
    "major",
    "severe",
    "serious",
    "hoch",
    "schwer",
    "élevé",
    "élevée",
    "haute",
    "majeur",
    "majeure",
    "alto",
    "alta",
    "высокая",
    "высокий",
    "高",
  ],
  S3: [
    "medium",
    "moderate",
    "normal",
    "mittel",
    "moyen",
    "moyenne",
    "medio",
    "media",
    "médio",
    "média",
    "средняя",
    "средний",
    "中",
  ],
  S4: [
    "low",
    "minor",
    "trivial",
    "cosmetic",
    "niedrig",
    "gering",
    "faible",
    "mineur",
    "mineure",
    "bajo",
    "baja",
    "baixo",
    "baixa",
    "низкая",
    "низкий",
    "低",
  ],
};

/** Reads a severity by its token, on any of the usual scales where a lower number is worse; the worst of several counts. */
export function readSeverity(written: string): Severity | undefined {
  const text = written.normalize("NFKC").slice(0, TEXT_LENGTH_MAX).toLowerCase();
  return (
    worst(text, /(?<![a-z0-9])s(?:ev(?:erity)?)?[\s._:-]{0,3}([0-5])(?![a-z0-9]|\.\d)/g, BY_NUMBER) ??
    firstWord(text) ??
    worst(text, /(?<![a-z0-9])p(?:rio(?:rity)?)?[\s._:-]{0,3}([0-4])(?![a-z0-9]|\.\d)/g, BY_PRIORITY) ??
    worst(text, /^\s*([1-5])\s*(?:$|[-–—:.)])/g, BY_NUMBER)
  );
}

function worst(text: string, token: RegExp, scale: readonly Severity[]): Severity | undefined {
  const numbers = [...text.matchAll(token)].map((match) => Number(match[1]));
  return numbers.length === 0 ? undefined : scale[Math.min(...numbers)];
}

function firstWord(text: string): Severity | undefined {
  const words = text.split(/[^\p{L}]+/u);
  for (const word of words) {
    for (const severity of ["S1", "S2", "S3", "S4"] as const)
      if (WORDS[severity].includes(word)) return severity;
  }
  return undefined;
}
