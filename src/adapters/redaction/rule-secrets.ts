import { lintSource } from "@secretlint/core";
import { secretLintProfiler } from "@secretlint/profiler";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { FoundValue } from "./found-value.ts";

// No rule's secret runs over it but a private key, which our own pattern finds within one text.
const SEPARATOR = "\n\n\u0000\n\n";

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

/** Finds in each text what the maintained rules know; all are looked at as one source, as the rules cost more per source than per character. */
export async function findRuleSecrets(texts: readonly string[]): Promise<readonly (readonly FoundValue[])[]> {
  const content = texts.join(SEPARATOR);
  const ranges = [...(await lint(content))].sort((a, b) => a[0] - b[0]);
  let next = 0;
  let from = 0;
  return texts.map((text) => {
    const to = from + text.length;
    const found: FoundValue[] = [];
    for (; (ranges[next]?.[0] ?? Number.POSITIVE_INFINITY) < to; next += 1) {
      const [start = 0, end = 0] = ranges[next] ?? [];
      if (start < from || end > to) continue;
      found.push({ kind: "secret", start: start - from, end: end - from, key: content.slice(start, end) });
    }
    from = to + SEPARATOR.length;
    return found;
  });
}

async function lint(content: string): Promise<readonly (readonly [number, number])[]> {
  const source = { content, filePath: "incident.md", ext: ".md", contentType: "text" } as const;
  try {
    const { messages } = await lintSource({ source, options: { config: CONFIG, noPhysicFilePath: true } });
    return messages.map(({ range }) => [range[0], range[1]]);
  } catch (cause) {
    throw new ExternalFailure("The rules for secrets could not be run, so nothing was passed on.", {
      system: "redaction",
      retryable: false,
      cause,
    });
  }
}
