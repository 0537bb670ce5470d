/** A piece of a text, in UTF-16 units. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** Joins the pieces of a text that hold anything, each cleaned, by an empty line. */
export function spanText(text: string, spans: readonly TextSpan[], clean: (piece: string) => string): string {
  return spans
    .map(({ start, end }) => clean(text.slice(start, end)))
    .filter((piece) => piece !== "")
    .join("\n\n");
}
