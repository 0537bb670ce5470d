/** Text that is HTML already and may be put into a page as it stands. */
export interface Html {
  readonly html: string;
}

/** What a template takes: HTML as it stands, everything else escaped; nothing for what is absent. */
export type HtmlPart = Html | string | number | undefined | readonly HtmlPart[];

/** Writes HTML; every value put in is escaped unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let written = strings[0] ?? "";
  for (const [index, part] of parts.entries()) written += write(part) + (strings[index + 1] ?? "");
  return { html: written };
}

/** Takes a text for HTML: only for what was rendered or escaped before. */
export function trusted(text: string): Html {
  return { html: text };
}

function write(part: HtmlPart): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  if ("html" in part) return part.html;
  return part.map(write).join("");
}

/** Writes a text so that HTML shows it as it stands. */
export function escapeHtml(text: string): string {
  // Most texts hold nothing of the kind, and a page has many of them.
  return SPECIAL.test(text) ? text.replace(SPECIALS, (character) => ENTITIES[character] ?? character) : text;
}

const SPECIAL = /[&<>"']/;
const SPECIALS = /[&<>"']/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
