/** Ways to set a text apart on a terminal. */
export interface Colours {
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** Gives ANSI colours, or plain text where they are not wanted. */
export function coloursOf(isColoured: boolean): Colours {
  const paint = (on: number, off: number) => (text: string) =>
    isColoured && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    dim: paint(2, 22),
    bold: paint(1, 22),
  };
}
