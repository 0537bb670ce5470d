import { CONFIG_PATH } from "../config/config.ts";
import type { ConfigEffect } from "../suite/config-effect.ts";
import { inlineCode } from "../text/markdown.ts";
import { listing, plural } from "./amounts.ts";
import { CHECK_NAMES, type CheckRun } from "./check-run.ts";

const NAMES_SHOWN_MAX = 20;

/** Adds to the guard what the configuration that a pull request brings would select, and a remark on its file. */
export function withConfigEffect(
  checks: readonly CheckRun[],
  effect: ConfigEffect | undefined,
): readonly CheckRun[] {
  if (effect === undefined) return checks;
  return checks.map((check) => {
    if (check.name !== CHECK_NAMES.guard) return check;
    const remark = {
      path: CONFIG_PATH,
      startLine: 1,
      endLine: 1,
      level: "notice",
      title: "What this configuration would select",
      message: effectWords(effect).replaceAll("`", ""),
    } as const;
    return {
      ...check,
      summary: `${check.summary}\n\n${renderEffect(effect)}`,
      annotations: [...check.annotations, remark],
    };
  });
}

function renderEffect(effect: ConfigEffect): string {
  return `### What the new configuration would select\n\nThis pull request changes \`${CONFIG_PATH}\`. It is judged by the one on the default branch; the new one holds from the merge on, and ${effectWords(effect)}`;
}

function effectWords({ starts, stops, stays }: ConfigEffect): string {
  if (starts.length === 0 && stops.length === 0)
    return `would select the same ${plural(stays, "fixture")} for this pull request.`;
  const parts = [
    ...(starts.length > 0 ? [`would also run ${names(starts)}`] : []),
    ...(stops.length > 0 ? [`would no longer run ${names(stops)}`] : []),
  ];
  return `for this pull request ${parts.join(", and ")}; ${plural(stays, "fixture")} would run as now.`;
}

function names(ids: readonly string[]): string {
  return listing(
    ids.map((id) => inlineCode(id)),
    NAMES_SHOWN_MAX,
  );
}
