import type { JsonValue } from "../../json.ts";

const NANOS_PER_MS = 1_000_000;
const MICROS_PER_MS = 1_000;
/** Numbers above these are no longer milliseconds or microseconds of our age. */
const MILLIS_MAX = 1e14;
const MICROS_MAX = 1e17;
/** Numbers below this are seconds. */
const SECONDS_MAX = 1e11;
const DATE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)([.,]\d{1,9})?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;

/** Reads a point in time in milliseconds: a date, or a number of seconds, milli-, micro- or nanoseconds. What lies before 1970 or cannot be read is undefined. */
export function momentOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === "number") return ofNumber(value);
  if (typeof value !== "string") return undefined;
  if (/^\d{1,20}(?:\.\d{1,9})?$/.test(value)) return ofNumber(Number(value));
  const [, day = "", time = "", fraction = "", zone = "Z"] = DATE.exec(value.trim()) ?? [];
  const at = Date.parse(`${day}T${time}${/^UTC$/i.test(zone) ? "Z" : zone}`);
  return Number.isFinite(at) && at > 0 ? at + Number(`0${fraction.replace(",", ".")}`) * 1_000 : undefined;
}

function ofNumber(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  if (value > MICROS_MAX) return value / NANOS_PER_MS;
  if (value > MILLIS_MAX) return value / MICROS_PER_MS;
  return value < SECONDS_MAX ? value * 1_000 : value;
}

/** Reads the moment at the end of LangSmith's dotted order, such as `20261002T080001000000Z<id>`. */
export function momentOfOrder(order: string | undefined): number | undefined {
  const last = order?.split(".").at(-1) ?? "";
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{1,9})Z/.exec(last)?.slice(1);
  if (parts === undefined) return undefined;
  const [year, month, day, hours, minutes, seconds, fraction] = parts;
  return momentOf(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${fraction}Z`);
}
