/** Cuts a list into lists of at most so many, because a statement takes a limited number of parameters. */
export function portionsOf<T>(all: readonly T[], sizeMax: number): readonly T[][] {
  const portions: T[][] = [];
  for (let start = 0; start < all.length; start += sizeMax) portions.push(all.slice(start, start + sizeMax));
  return portions;
}
