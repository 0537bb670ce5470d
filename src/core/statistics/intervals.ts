/** A share with the bounds between which the true one lies with 95 % confidence; all three from 0 to 1. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Normal quantile of a two-sided 95 % interval. */
const Z = 1.959964;

/** Two-sided 95 % quantiles of Student's t with 1, 2, … degrees of freedom; beyond the table the normal one is near enough. */
const T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** The score interval of a share (Wilson 1927): sound for few trials and at 0 and 1; undefined without any. */
export function wilsonInterval(successes: number, trials: number): Interval | undefined {
  if (trials === 0) return undefined;
  const estimate = successes / trials;
  const square = Z * Z;
  const centre = (estimate + square / (2 * trials)) / (1 + square / trials);
  const half =
    (Z / (1 + square / trials)) *
    Math.sqrt((estimate * (1 - estimate)) / trials + square / (4 * trials * trials));
  return {
    estimate,
    low: successes === 0 ? 0 : centre - half,
    high: successes === trials ? 1 : centre + half,
  };
}

/**
 * The interval of a mean over items that come in clusters, such as the fixtures of one incident.
 *
 * Items of a cluster share their fate, so the standard error counts clusters (Miller 2024, arXiv 2411.00640), with
 * Student's t for their number. Each list holds the values, 0 to 1, of one cluster. Where every value is the same,
 * or there is one cluster only, nothing varies that could be measured: then Wilson's interval over clusters is given.
 */
export function clusteredInterval(clusters: readonly (readonly number[])[]): Interval | undefined {
  const filled = clusters.filter((cluster) => cluster.length > 0);
  const items = filled.reduce((sum, cluster) => sum + cluster.length, 0);
  if (items === 0) return undefined;
  const estimate = filled.reduce((sum, cluster) => sum + total(cluster), 0) / items;
  const count = filled.length;
  const squares = filled.reduce((sum, cluster) => sum + (total(cluster) - cluster.length * estimate) ** 2, 0);
  if (count === 1 || squares === 0) {
    const byCluster = wilsonInterval(estimate * count, count);
    return byCluster === undefined ? undefined : { ...byCluster, estimate };
  }
  const error = Math.sqrt((count / (count - 1)) * squares) / items;
  const half = (T[count - 2] ?? Z) * error;
  return { estimate, low: Math.max(0, estimate - half), high: Math.min(1, estimate + half) };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
