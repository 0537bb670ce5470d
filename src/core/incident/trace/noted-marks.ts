import { isJsonObject } from "../../json.ts";
import { readScalar } from "../read-arguments.ts";
import { unwrittenValue } from "./answers.ts";

const TAGGED_MAX = 2_000;
const PRINTED = /^=+\s*(Human|Ai|AI|Tool|System|Function)\s+Message\s*=+$/;
const SPEAKERS: ReadonlyMap<string, string> = new Map([
  ["human", "User: "],
  ["ai", "Agent: "],
]);

/** Writes what frameworks and models mark in their own ways as the notes that people write: tags, printed messages, rows of a table. */
export function markedUp(text: string): string {
  return fromTables(fromPrinted(fromTags(text)));
}

/** Tags around calls and answers, as models without a call format of their own write them. */
function fromTags(text: string): string {
  if (!/<\/?(?:tool|function|invoke|antml)/.test(text)) return text;
  let count = 0;
  const within = (written: string): string => (count++ < TAGGED_MAX ? written : "");
  return text
    .replaceAll(
      /<(?:antml:)?invoke name="([\w.:-]{1,100})">([^<]*(?:<(?:antml:)?parameter[^<]*<\/(?:antml:)?parameter>[^<]*)*)<\/(?:antml:)?invoke>/g,
      (_, name: string, inside: string) => within(`\n→ ${name}(${JSON.stringify(parametersIn(inside))})\n`),
    )
    .replaceAll(
      /<function=([\w.:-]{1,100})>\s*(\{[^<]*\})\s*<\/function>/g,
      (_, name: string, given: string) => within(`\n→ ${name}(${given.trim()})\n`),
    )
    .replaceAll(/<(?:tool|function)_call>\s*/g, "\n→ ")
    .replaceAll(/<(?:tool_response|tool_result|function_result|function_response|tool_output)s?>\s*/g, "\n← ")
    .replaceAll(
      /<\/?(?:antml:)?(?:tool_call|function_call|function_calls|tool_response|tool_result|function_result|function_response|function_results|tool_results|tool_output)s?>/g,
      "\n",
    );
}

function parametersIn(inside: string): Readonly<Record<string, unknown>> {
  const found = inside.matchAll(/<(?:antml:)?parameter name="([^"]{1,100})"[^>]*>([^<]*)</g);
  return Object.fromEntries([...found].map(([, name = "", value = ""]) => [name, readScalar(value)]));
}

/** Messages as LangChain prints them, each under a ruled headline. */
function fromPrinted(text: string): string {
  if (!/^=+ *(?:Human|Ai|Tool) Message *=+$/im.test(text)) return text;
  const notes: string[] = [];
  let speaker = "";
  let lead = "";
  let given: [string, unknown][] | undefined;
  const endCall = (): void => {
    if (given !== undefined) notes.push(`${notes.pop() ?? ""}(${JSON.stringify(Object.fromEntries(given))})`);
    given = undefined;
  };
  for (const line of text.split("\n")) {
    const headline = PRINTED.exec(line.trim())?.[1]?.toLowerCase();
    const call = speaker === "ai" ? /^\s+([\w.:-]{1,100}) \(([^()]{1,100})\)$/.exec(line)?.[1] : undefined;
    const pair = given === undefined ? null : /^\s{2,}([\w.-]{1,60}):\s*(.*)$/.exec(line);
    if (headline !== undefined || call !== undefined) endCall();
    if (headline !== undefined) {
      speaker = headline;
      lead = SPEAKERS.get(headline) ?? (headline === "system" ? "System: " : "← ");
    } else if (call !== undefined) notes.push(`→ ${call}`);
    else if (/^\s*Args:\s*$/.test(line) && speaker === "ai") given = [];
    else if (pair !== null) given?.push([pair[1] ?? "", readScalar(pair[2] ?? "")]);
    else if (!isFurniture(line)) {
      notes.push(lead + line);
      lead = "";
    }
  }
  endCall();
  return notes.join("\n");
}

function isFurniture(line: string): boolean {
  return line.trim() === "" || /^\s*(?:Tool Calls:|Call ID:.*|Name: [\w.:-]+)\s*$/.test(line);
}

/** Rows of a table: who, what, and what came back. */
function fromTables(text: string): string {
  if (!/^[ \t]*\|.*\|[ \t]*$/m.test(text)) return text;
  return text
    .split("\n")
    .map((line) => (/^\s*\|.*\|\s*$/.test(line) ? rowNote(line) : line))
    .join("\n");
}

function rowNote(line: string): string {
  const cells = line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll("\\|", "|").trim())
    .map((cell) => /^\x60([^\x60]*)\x60$/.exec(cell)?.[1] ?? cell)
    .filter((cell) => cell !== "" && !/^(?::?-{2,}:?|#?\d{1,4}\.?|[\d:.TZ -]{4,30})$/.test(cell));
  const [first = "", second = "", ...rest] = cells;
  const role = first.replaceAll(/[*_]/g, "");
  if (/^(?:tool|function|action|agent|assistant|bot)(?:[ _]?call)?$/i.test(role) && isCall(second, rest[0]))
    return noteOf([second, ...rest]);
  if (/^(?:tool|function)[ _]?(?:result|response|output)$/i.test(role))
    return `← ${[second, ...rest].join(" ")}`;
  if (/^[\p{L} ]{2,20}$/u.test(role) && second !== "" && !isCall(role, second)) return `${role}: ${second}`;
  return noteOf(cells);
}

function isCall(first: string, second: string | undefined): boolean {
  return (
    /^[\p{L}_][\p{L}\p{N}_.:/-]*\s*\(/u.test(first) ||
    (/^[\p{L}_][\w.:/-]*$/u.test(first) && isJsonObject(unwrittenValue(second)))
  );
}

function noteOf([first = "", ...rest]: readonly string[]): string {
  const isNamed = /^[\p{L}_][\w.:/-]*$/u.test(first) && isJsonObject(unwrittenValue(rest[0]));
  const call = isNamed ? `${first}(${rest[0] ?? ""})` : first;
  const answer = (isNamed ? rest.slice(1) : rest)[0];
  return answer === undefined ? call : `${call} → ${answer}`;
}
