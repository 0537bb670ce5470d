import type { Freshness } from "../fixture/expectation.ts";
import { matchesWildcard } from "../text/wildcard.ts";
import type { ServedDocument, Span } from "../trajectory/trajectory.ts";
import { onlyIfDelivered } from "./deliverable.ts";
import type { Grade, Grader } from "./grader.ts";

const SHOWN_MAX = 10;

/** Passes when what was served of these sources is current; open where nothing was served, or nothing tells how old it is. */
export function fresh(freshness: Freshness): Grader {
  const { source, which } = freshness;
  return onlyIfDelivered(["retrieval"], async ({ trajectory }) => {
    const served = trajectory.spans.filter(
      ({ kind, name }) =>
        kind === "retrieval" && name !== "retrieval:none" && matchesWildcard(name, `retrieval:${source}`),
    );
    if (served.length === 0) return { kind: "ungraded", because: `no document of ${source} was served` };
    const ages = served.map((span) => ({ span, age: ageOf(span.document, freshness) }));
    const deciding = which === "newest" ? "current" : "stale";
    const found = ages.find(({ age }) => age === deciding);
    const unknown = ages.find(({ age }) => age === "unknown");
    if (found === undefined && unknown !== undefined) {
      const because = `nothing tells the ${askedFor(freshness)} of ${unknown.span.name}: pin the document with it, or write it in its front matter`;
      return { kind: "ungraded", because };
    }
    const isCurrent = deciding === "current" ? found !== undefined : found === undefined;
    const span = found?.span ?? served[0];
    const place = span === undefined ? {} : { spanId: span.id };
    return isCurrent
      ? { kind: "pass", because: `what was served of ${source} is current`, ...place }
      : stale(served, freshness, place);
  });
}

function ageOf(document: ServedDocument | undefined, { not_older_than, version_min }: Freshness) {
  const isTooOld =
    not_older_than !== undefined && document?.date !== undefined && document.date < not_older_than;
  const isBehind =
    version_min !== undefined &&
    document?.version !== undefined &&
    compareVersions(document.version, version_min) < 0;
  if (isTooOld || isBehind) return "stale";
  const isKnown =
    (not_older_than === undefined || document?.date !== undefined) &&
    (version_min === undefined || document?.version !== undefined);
  return isKnown ? "current" : "unknown";
}

/** Compares part by part, numbers as numbers: 3.10 is newer than 3.9, 2026-04 than 2026-03. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareParts(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function partsOf(version: string): readonly string[] {
  return version.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
}

function compareParts(a: string, b: string): number {
  const [left, right] = [Number(a), Number(b)];
  if (Number.isNaN(left) || Number.isNaN(right)) return a === b ? 0 : a < b ? -1 : 1;
  return left - right;
}

function askedFor({ not_older_than }: Freshness): string {
  return not_older_than === undefined ? "version" : "date";
}

function stale(
  served: readonly Span[],
  { source, not_older_than, version_min }: Freshness,
  place: { readonly spanId?: string },
): Grade {
  const bounds = [
    ...(not_older_than === undefined ? [] : [`of ${not_older_than} or later`]),
    ...(version_min === undefined ? [] : [`of version ${version_min} or later`]),
  ];
  const shown = served.slice(0, SHOWN_MAX).map(({ name, document }) => {
    const told = [document?.version, document?.date].filter((part) => part !== undefined);
    return told.length === 0 ? name : `${name} (${told.join(", ")})`;
  });
  return {
    kind: "fail",
    because: `an outdated document of ${source} was served`,
    expected: `documents of ${source} ${bounds.join(" and ")}`,
    observed: shown.join(", "),
    ...place,
  };
}
