/** Tells whether a text is what a pattern says, where `*` stands for any text, also none; linear in both. */
export function matchesWildcard(text: string, pattern: string): boolean {
  if (!pattern.includes("*")) return text === pattern;
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop() ?? "";
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at === -1 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
