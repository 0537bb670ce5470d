/** Chance that can be repeated: the same seed makes the same choices in the same order. */
export interface Random {
  /** A number from 0 up to, not including, 1. */
  share(): number;
  /** A whole number from the first up to and including the last. */
  between(first: number, last: number): number;
  /** One of several. */
  pick<T>(choices: readonly [T, ...T[]]): T;
}

/** Makes a row of chance from a seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  const share = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (first: number, last: number) => first + Math.floor(share() * (last - first + 1));
  return { share, between, pick: (choices) => choices[between(0, choices.length - 1)] ?? choices[0] };
}
