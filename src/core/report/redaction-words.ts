import { inlineText } from "../text/markdown.ts";
import { listing, plural } from "./amounts.ts";

const KINDS_SHOWN_MAX = 12;

/** Says what was taken out of an incident, by kind and count; the values are never given. */
export function redactionWords(counts: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(counts).filter(([, count]) => count > 0);
  if (kinds.length === 0) return "Nothing that looks like a secret or personal data was found.";
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const named = kinds.map(([kind, count]) => `${count} × ${inlineText(kind, 40)}`);
  return `${plural(total, "value")} ${total === 1 ? "was" : "were"} replaced before anything left the app: ${listing(named, KINDS_SHOWN_MAX)}.`;
}
