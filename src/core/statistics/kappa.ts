import { wilsonInterval } from "./intervals.ts";

/** Normal quantile of a two-sided 95 % interval. */
const Z = 1.959964;

/** Agreement beyond chance with the bounds of its 95 % interval; all from -1 to 1. */
export interface Kappa {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Cohen's kappa of two raters, with its large-sample interval (Fleiss, Cohen and Everitt 1969).
 *
 * `counts[i][j]` is how often the first rater said `i` and the second `j`. The formula gives complete agreement no
 * width at all, whatever the number of items: then the lower bound is the kappa of Wilson's lower bound of agreement.
 * Undefined without items, and where both always say the same one thing, since then nothing is beyond chance.
 */
export function cohensKappa(counts: readonly (readonly number[])[]): Kappa | undefined {
  const total = sum(counts.map(sum));
  if (total === 0) return undefined;
  const shares = counts.map((row) => row.map((count) => count / total));
  const rows = shares.map(sum);
  const columns = shares.map((_, at) => sum(shares.map((row) => row[at] ?? 0)));
  const agreed = sum(shares.map((row, at) => row[at] ?? 0));
  const byChance = sum(rows.map((row, at) => row * (columns[at] ?? 0)));
  if (byChance === 1) return undefined;
  const estimate = (agreed - byChance) / (1 - byChance);
  if (agreed === 1) {
    const low = wilsonInterval(total, total)?.low ?? 0;
    return { estimate, low: (low - byChance) / (1 - byChance), high: 1 };
  }
  const half = (Z * errorOf({ shares, rows, columns, byChance, kappa: estimate })) / Math.sqrt(total);
  return { estimate, low: Math.max(-1, estimate - half), high: Math.min(1, estimate + half) };
}

interface Table {
  readonly shares: readonly (readonly number[])[];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly byChance: number;
  readonly kappa: number;
}

/** The standard error for one item, by equation 13 of the paper. */
function errorOf({ shares, rows, columns, byChance, kappa }: Table): number {
  const rest = 1 - kappa;
  const terms = shares.flatMap((row, i) =>
    row.map((share, j) =>
      i === j
        ? share * (1 - ((rows[i] ?? 0) + (columns[i] ?? 0)) * rest) ** 2
        : share * (rest * ((columns[i] ?? 0) + (rows[j] ?? 0))) ** 2,
    ),
  );
  const variance = sum(terms) - (kappa - byChance * rest) ** 2;
  return Math.sqrt(Math.max(0, variance)) / (1 - byChance);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
