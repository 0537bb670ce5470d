const WORD_LENGTH_MAX = 100;

/** Finds the candidate that is most likely meant by a mistyped word, or nothing where none is near. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.ceil(Math.max(word.length, candidate.length) / 3))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

/** Counts the single letters to insert, remove or replace that turn one word into the other. */
export function editDistance(a: string, b: string): number {
  const from = [...a.slice(0, WORD_LENGTH_MAX)];
  const to = [...b.slice(0, WORD_LENGTH_MAX)];
  let row = to.map((_, column) => column + 1);
  from.forEach((letter, line) => {
    let left = line + 1;
    let diagonal = line;
    row = to.map((other, column) => {
      const above = row[column] ?? 0;
      left = Math.min(left + 1, above + 1, diagonal + (letter === other ? 0 : 1));
      diagonal = above;
      return left;
    });
  });
  return row.at(-1) ?? from.length;
}
