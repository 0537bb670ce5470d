import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { readYamlDocument } from "../yaml-document.ts";
import { type Fence, fencesOf } from "./field-text.ts";
import { readScalar } from "./read-arguments.ts";
import { objectsOf, textOf } from "./read-json.ts";
import { unwrap } from "./read-list.ts";

const DOCUMENTS_MAX = 30;
const MEMORIES_MAX = 50;
const STATE_KEYS_MAX = 100;
const DATA_LANGUAGES = new Set(["yaml", "yml", "json"]);
const FILE_NAME = /^[\w./ -]{1,150}\.(?:md|txt|html?|pdf|json|ya?ml|csv|rst)$/i;
const STATE_KEY = /^[\p{L}_][\p{L}\p{N}_.-]{0,79}$/u;
const MODES = {
  documents:
    /^(?:documents?|retrieved(?: documents?)?|retrieval|sources?|knowledge base|dokumente?|documentos?|文書|документы)$/i,
  memory: /^(?:memory|memories|gedächtnis|mémoire|memoria|memória|メモリ|память)$/i,
  state: /^(?:state|session(?: state)?|variables|zustand|état|estado|状態|состояние)$/i,
} as const;

/** What the agent had before it: documents, memory and state. */
export interface Context {
  readonly documents: readonly { readonly source: string; readonly content: string }[];
  readonly memory: readonly string[];
  readonly state: JsonObject;
}

type Mode = keyof typeof MODES | undefined;

interface Collected {
  readonly documents: { source: string; content: string }[];
  readonly memory: string[];
  readonly state: Map<string, JsonValue>;
}

/** Reads documents (fences, `source: text`), memory (lists under "Memory") and state (YAML, JSON, `key: value`) out of a context. */
export function readContext(written: string): Context {
  const into: Collected = { documents: [], memory: [], state: new Map() };
  const fences = fencesOf(written);
  let mode: Mode;
  let at = 0;
  if (fences.length === 0 && readData(written, into)) return contextOf(into);
  for (const fence of fences) {
    const before = readLines(written.slice(at, fence.start), mode, into);
    mode = before.mode;
    readFence(fence, before, into);
    at = fence.end;
  }
  readLines(written.slice(at), mode, into);
  return contextOf(into);
}

function contextOf({ documents, memory, state }: Collected): Context {
  return {
    documents: documents.slice(0, DOCUMENTS_MAX),
    memory: memory.slice(0, MEMORIES_MAX),
    state: Object.fromEntries([...state].slice(0, STATE_KEYS_MAX)),
  };
}

interface Before {
  readonly mode: Mode;
  /** Name on the line right before a fence. */
  readonly name: string | undefined;
}

function readLines(text: string, modeBefore: Mode, into: Collected): Before {
  let mode = modeBefore;
  let name: string | undefined;
  for (const written of text.split("\n")) {
    const line = written.replace(/^\s*(?:[-*+•]|\d{1,3}[.)])\s+/, "").trim();
    if (line === "") continue;
    const [, key = "", value = ""] =
      /^(?:#{1,6}\s+)?(?:\*\*|`)?([^:：*`]{1,150}?)(?:\*\*|`)?\s*[:：](?:\*\*)?(?:\s+(.*)|)$/.exec(line) ??
      [];
    const heading = modeOf(key === "" ? line.replace(/^#{1,6}\s+/, "") : key);
    name =
      value === ""
        ? unwrap(key === "" ? line.replace(/^#{1,6}\s+/, "") : key).replace(/^documents?\s+/i, "")
        : undefined;
    if (heading !== undefined) {
      mode = heading;
      name = undefined;
      if (value !== "") readLine(value, modeOf(value) ?? mode, into);
    } else if (key !== "" && value !== "" && (FILE_NAME.test(key) || mode === "documents")) {
      into.documents.push({ source: key, content: unwrap(value) });
    } else if (mode === "memory") readLine(line, mode, into);
    else if (STATE_KEY.test(key) && value !== "") into.state.set(key, readScalar(value));
    else if (mode === "documents" && name === undefined) readLine(line, mode, into);
  }
  return { mode, name };
}

function readLine(line: string, mode: Mode, into: Collected): void {
  const [, key = "", value = ""] = /^([^:：\s]{1,80})\s*[:=]\s*(.+)$/.exec(line) ?? [];
  if (mode === "memory") into.memory.push(unwrap(line));
  else if (mode === "state" && key !== "") into.state.set(key, readScalar(value));
  else if (mode === "documents")
    into.documents.push({ source: `document-${into.documents.length + 1}`, content: unwrap(line) });
}

function readFence(fence: Fence, { mode, name }: Before, into: Collected): void {
  const content = fence.content.trim();
  if (content === "") return;
  const title = fence.title !== "" ? fence.title : FILE_NAME.test(fence.language) ? fence.language : name;
  const isData = DATA_LANGUAGES.has(fence.language) || (fence.language === "" && title === undefined);
  if (mode !== "documents" && mode !== "memory" && isData && readData(content, into)) return;
  if (mode === "memory")
    into.memory.push(
      ...content
        .split("\n")
        .map((line) => line.replace(/^\s*[-*+]\s+/, "").trim())
        .filter((line) => line !== ""),
    );
  else into.documents.push({ source: title ?? `document-${into.documents.length + 1}`, content });
}

/** Takes an object as state, unless it names documents, memory and state itself. */
function readData(text: string, into: Collected): boolean {
  const document = readYamlDocument(text);
  if (document.kind === "unusable" || !isJsonObject(document.value.value)) return false;
  const entries = Object.entries(document.value.value);
  if (entries.some(([key]) => !STATE_KEY.test(key))) return false;
  for (const [key, value] of entries) {
    const mode = modeOf(key);
    if (mode === "documents") into.documents.push(...documentsOf(value));
    else if (mode === "memory") into.memory.push(...textsOf(value));
    else if (mode === "state") for (const [name, member] of membersOf(value)) into.state.set(name, member);
    else into.state.set(key, value);
  }
  return true;
}

function documentsOf(value: JsonValue): readonly { source: string; content: string }[] {
  if (isJsonObject(value)) {
    return Object.entries(value).map(([source, content]) => ({ source, content: sayText(content) }));
  }
  const named = objectsOf(value).flatMap((item) => {
    const content = textOf(item.content) ?? textOf(item.text) ?? textOf(item.page_content);
    return content === undefined
      ? []
      : [{ source: textOf(item.source) ?? textOf(item.id) ?? textOf(item.title) ?? "document", content }];
  });
  if (named.length > 0) return named;
  const members = membersOf(value);
  if (members.length > 0) return members.map(([source, content]) => ({ source, content: sayText(content) }));
  return textsOf(value).map((content, index) => ({ source: `document-${index + 1}`, content }));
}

/** The members of an object, or of all the objects in a list. */
function membersOf(value: JsonValue): readonly (readonly [string, JsonValue])[] {
  return (isJsonObject(value) ? [value] : objectsOf(value)).flatMap((item) => Object.entries(item));
}

function textsOf(value: JsonValue): readonly string[] {
  return Array.isArray(value) ? value.map(sayText) : [sayText(value)];
}

function sayText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function modeOf(key: string): Mode {
  const word = key.trim().replace(/^\*\*|\*\*$/g, "");
  if (MODES.documents.test(word)) return "documents";
  if (MODES.memory.test(word)) return "memory";
  return MODES.state.test(word) ? "state" : undefined;
}
