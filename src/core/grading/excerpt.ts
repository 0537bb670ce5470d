const EXCERPT_LENGTH_MAX = 300;
const LEAD_LENGTH = 80;

/** Shows an answer in a message: all of it when short, else the part around a place. */
export function excerpt(text: string, at = 0): string {
  if (text === "") return "an empty answer";
  if (text.length <= EXCERPT_LENGTH_MAX) return text;
  const start = Math.max(0, at - LEAD_LENGTH);
  const end = start + EXCERPT_LENGTH_MAX;
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}
