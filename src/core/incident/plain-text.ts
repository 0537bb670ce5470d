const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  "#34": '"',
  "#39": "'",
  apos: "'",
  lt: "<",
  gt: ">",
  amp: "&",
  nbsp: " ",
};

/** Takes off what HTML puts around pasted text: `<pre>`, `<code>`, `<details>`, line breaks and escaped characters. */
export function withoutMarkup(text: string): string {
  const plain = text.includes("<")
    ? text
        .replaceAll(/<br\s{0,5}\/?>/gi, "\n")
        .replaceAll(/<\/?(?:pre|code|details|summary|p|div|samp|blockquote)(?:\s[^<>\n]{0,200})?>/gi, "\n")
    : text;
  // Only inside of markup are characters escaped.
  if (plain === text || !plain.includes("&")) return plain;
  return plain.replaceAll(/&(#?\w{2,4});/g, (all, name: string) => ENTITIES[name] ?? all);
}
