import type { Measured } from "./suite-process.ts";

/** A figure and the most that it may be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly target: number;
  readonly unit?: string;
}

/** What one way of doing the work took, and the least that it could take. */
export interface Row {
  readonly name: string;
  readonly measured: Measured;
  readonly idealMs: number;
}

/** Prints what several ways of the same work took, beside each other. */
export function printRows(title: string, rows: readonly Row[]): void {
  const cells = rows.map(({ name, measured: { wallMs, cpuMs, peakMb }, idealMs }) => [
    name,
    `${(wallMs / 1_000).toFixed(2)} s`,
    (wallMs / idealMs).toFixed(2),
    `${(cpuMs / 1_000).toFixed(2)} s`,
    `${peakMb.toFixed(0)} MiB`,
  ]);
  process.stdout.write(`${title}\n\n`);
  printTable([["", "wall", "wall / ideal", "CPU", "peak"], ...cells]);
}

/** Prints each figure beside its target, and whether it was met. */
export function printFigures(figures: readonly Figure[]): void {
  const cells = figures.map(({ name, value, target, unit = "" }) => [
    name,
    shown(value, unit),
    `≤ ${shown(target, unit)}`,
    value <= target ? "met" : "missed",
  ]);
  printTable([["", "measured", "target", ""], ...cells]);
}

function shown(value: number, unit: string): string {
  const digits = Number.isInteger(value) || unit === "MiB" ? 0 : 2;
  return `${value.toFixed(digits)} ${unit}`.trimEnd();
}

function printTable(lines: readonly (readonly string[])[]): void {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  for (const line of lines) {
    const padded = line.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    process.stdout.write(`${padded.join("  ").trimEnd()}\n`);
  }
  process.stdout.write("\n");
}
