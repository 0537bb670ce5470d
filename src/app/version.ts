import { readFileSync } from "node:fs";

/** The version of this app, as its package says it. */
export const VERSION: string = versionIn(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
);

function versionIn(text: string): string {
  const { version }: { readonly version?: unknown } = JSON.parse(text);
  return String(version);
}
