import type { Document } from "../fixture/fixture.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { readDataFile } from "../text/data-file.ts";
import type { ServedDocument } from "./trajectory.ts";

const DAY = /^\d{4}-\d{2}-\d{2}/;
const DATE_KEYS = ["date", "updated", "valid_from", "last_updated"] as const;

// An agent's documents are the same for every trial of a commit; reading them once is enough.
const known = new WeakMap<Document, ServedDocument>();

/** Says how current a document is: as the fixture pins it, else as its front matter says. */
export function servedDocument(document: Document): ServedDocument {
  const served = known.get(document) ?? read(document);
  known.set(document, served);
  return served;
}

function read(document: Document): ServedDocument {
  const matter = frontMatter(document.content);
  const version = document.version ?? textAt(matter, ["version"]);
  const date = document.date ?? textAt(matter, DATE_KEYS)?.match(DAY)?.[0];
  return {
    source: document.source,
    ...(version === undefined ? {} : { version }),
    ...(date === undefined ? {} : { date }),
  };
}

function frontMatter(content: string): JsonValue {
  if (!content.startsWith("---")) return null;
  const matter = readDataFile("document.md", content);
  return matter.kind === "parsed" ? matter.value : null;
}

function textAt(matter: JsonValue, keys: readonly string[]): string | undefined {
  if (!isJsonObject(matter)) return undefined;
  const values = keys.map((key) => (Object.hasOwn(matter, key) ? matter[key] : undefined));
  const value = values.find((one) => typeof one === "string" || typeof one === "number");
  return value === undefined ? undefined : String(value);
}
