import type { GateFindings } from "./decide-checks.ts";

/** Marks what JSON does not hold by itself; an object that has such a key of its own is marked too. */
const MARK = "$";

/** Writes findings as JSON, so that they can be decided from again without running anything. */
export function writeFindings(findings: GateFindings): string {
  return JSON.stringify(marked(findings));
}

/** Reads findings that `writeFindings` wrote. */
export function readFindings(text: string): GateFindings {
  return unmarked(JSON.parse(text)) as GateFindings;
}

function marked(value: unknown): unknown {
  if (value instanceof Date) return { [MARK]: "date", is: value.toISOString() };
  if (value instanceof Map) return { [MARK]: "map", is: [...value].map(marked) };
  if (Array.isArray(value)) return value.map(marked);
  if (!isObject(value)) return value;
  const members = eachMember(value, marked);
  return Object.hasOwn(value, MARK) ? { [MARK]: "object", is: members } : members;
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  if (!isObject(value)) return value;
  switch (value[MARK]) {
    case undefined:
      return eachMember(value, unmarked);
    case "date":
      return new Date(String(value.is));
    case "map":
      return new Map(unmarked(value.is) as [unknown, unknown][]);
    default:
      return isObject(value.is) ? eachMember(value.is, unmarked) : value;
  }
}

function eachMember(value: Readonly<Record<string, unknown>>, map: (member: unknown) => unknown): unknown {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
