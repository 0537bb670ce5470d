const PLAIN_KEY = /^[^\s.[\]"']+$/;

/** One step of a path into a document: a key or a position in a list. */
export type PathStep = string | number;

/** Writes a path as people read it, such as `expect.output.must_not_contain[0]`; the root is empty. */
export function pathText(path: readonly PathStep[]): string {
  return path.reduce<string>(stepInto, "");
}

/** Writes the path of one member of the place that `path` names. */
export function stepInto(path: string, step: PathStep): string {
  if (typeof step === "number") return `${path}[${step}]`;
  if (!PLAIN_KEY.test(step)) return `${path}[${JSON.stringify(step)}]`;
  return path === "" ? step : `${path}.${step}`;
}
