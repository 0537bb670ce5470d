const FENCES = { "---": "yaml", "+++": "toml" } as const;
const FIRST_LINE = /^\uFEFF?(---|\+\+\+)[ \t]*\r?\n/;

/** The two parts of a text that begins with front matter, not yet read. */
export interface SplitFrontMatter {
  readonly language: (typeof FENCES)[keyof typeof FENCES];
  /** Begins with an empty line in place of the fence, so that lines count as in the file. */
  readonly matter: string;
  readonly body: string;
}

/** Parts a text that begins with front matter: YAML between two lines of `---`, or TOML between two of `+++`. */
export function splitFrontMatter(text: string): SplitFrontMatter | undefined {
  const opening = FIRST_LINE.exec(text);
  const fence = opening?.[1];
  if (opening === null || (fence !== "---" && fence !== "+++")) return undefined;
  for (let start = opening[0].length; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const next = end === -1 ? text.length : end + 1;
    if (text.slice(start, next).trimEnd() === fence) {
      const matter = `\n${text.slice(opening[0].length, start)}`;
      return { language: FENCES[fence], matter, body: text.slice(next) };
    }
    start = next;
  }
  return undefined;
}
