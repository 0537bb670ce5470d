const OTHER = "other";

/** Makes the function that gives a label for a value: its own while it is known or there is room to learn it, `other` for the rest. */
export function boundedLabel({
  known,
  learnedMax = 0,
}: {
  readonly known: readonly string[];
  readonly learnedMax?: number;
}): (value: string) => string {
  const labels = new Set(known);
  const sizeMax = labels.size + learnedMax;
  return (value) => {
    if (labels.has(value)) return value;
    if (labels.size >= sizeMax) return OTHER;
    labels.add(value);
    return value;
  };
}
