/** Text that is HTML already and may be put into a page as it stands. */
export interface Html {
  readonly html: string;
}

/** What a template takes: HTML as it stands, everything else escaped; nothing for what is absent. */
export type HtmlPart = Html | string | number | undefined | readonly HtmlPart[];

/** Writes HTML; every value put in is escaped unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return { html: strings.map((string, index) => string + write(parts[index])).join("") };
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
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
