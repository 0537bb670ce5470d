import { isJsonObject } from "../../json.ts";
import { readJson } from "../read-json.ts";
import type { TraceSteps } from "../trace-steps.ts";
import { answerOf, errorText, givenOf } from "./answers.ts";
import { joinEvents } from "./join-events.ts";
import { eventsOfMessage } from "./message-events.ts";
import { notedAnswer, notedCall, readPairs, shellCall } from "./noted-call.ts";
import { notedLines, plainLine } from "./noted-lines.ts";
import { markedUp } from "./noted-marks.ts";
import { partyEvents, saidBy, spokenEvents } from "./noted-parties.ts";
import { eventsOfRecord } from "./record-events.ts";
import type { TraceEvent } from "./trace-event.ts";

const EVENTS_MAX = 5_000;
const OUTPUT_LINES_MAX = 200;

/** What is known of the lines before the one that is read. */
interface Noting {
  readonly events: TraceEvent[];
  /** What a command printed so far. */
  printed: string[] | undefined;
  /** What comes now are thoughts or furniture, which nobody said. */
  isAside: boolean;
  /** The notes are a copy of a terminal, where `>` is what was typed. */
  readonly isTerminal: boolean;
}

type ReadLine = (line: string, noting: Noting) => readonly TraceEvent[] | undefined;

const READERS: readonly ReadLine[] = [
  readAside,
  readCommand,
  readAnswerMark,
  readCallMark,
  readLoggedPairs,
  (line) => partyEvents(line),
  readGiven,
  readLabelledAnswer,
  readLabelledCall,
  readSentence,
  (line) => spokenEvents(line),
  readTyped,
  readBare,
  readJsonLine,
];

/**
 * Reads a run that a person or a program noted line by line: arrows between user, agent and tools, numbered steps, labels,
 * shell sessions, log lines, tables and what frameworks print. Lines that are none of these continue what was said or printed.
 */
export function readNotedRun(text: string): TraceSteps {
  const isTerminal = /^[ \t]*(?:⏺|●|\$ )/m.test(text);
  const noting: Noting = { events: [], printed: undefined, isAside: false, isTerminal };
  const lines = notedLines(markedUp(text)).filter((line) => line.trim() !== "");
  for (const [index, written] of lines.entries()) {
    if (noting.events.length >= EVENTS_MAX) break;
    const line = plainLine(written);
    if (isFence(line)) noting.isAside ||= hasSpoken(noting);
    if (line === "" || isFence(line) || isIntroduction(line, lines[index + 1])) continue;
    const events = readLine(line, noting);
    if (events === undefined) continueWith(written, noting);
    else {
      if (!isPrinted(events, noting)) endPrinting(noting);
      if (events.length > 0) noting.isAside = false;
      noting.events.push(...events);
    }
  }
  endPrinting(noting);
  return joinEvents(noting.events);
}

function isFence(line: string | undefined): boolean {
  return line !== undefined && /^\s*(?:`{3,}|~{3,})/.test(line);
}

/** What somebody said ends where a fence follows it, unless all of it stands in the fence. */
function hasSpoken({ events }: Noting): boolean {
  const last = events.at(-1);
  return last?.kind === "said" && last.text !== "";
}

/** A line such as "Then it booked:" says what the fence below it holds. */
function isIntroduction(line: string, next: string | undefined): boolean {
  return isFence(next) && /[:：]$/.test(line) && spokenEvents(line) === undefined;
}

function readLine(line: string, noting: Noting): readonly TraceEvent[] | undefined {
  for (const read of READERS) {
    const events = read(line, noting);
    if (events !== undefined) return events;
  }
  return undefined;
}

function isPrinted(events: readonly TraceEvent[], { printed }: Noting): boolean {
  return printed !== undefined && printed.length === 0 && events.every(({ kind }) => kind === "answered");
}

/** A line that says nothing of its own goes on with what was printed or said. */
function continueWith(written: string, noting: Noting): void {
  if (noting.isAside) return;
  if (noting.printed !== undefined) {
    if (noting.printed.length < OUTPUT_LINES_MAX) noting.printed.push(written.trim());
    return;
  }
  const last = noting.events.at(-1);
  if (last?.kind === "said")
    noting.events.splice(-1, 1, { ...last, text: `${last.text}\n${written.trim()}` });
}

/** What a command printed is its answer. */
function endPrinting(noting: Noting): void {
  const printed = noting.printed?.join("\n").trim() ?? "";
  noting.printed = undefined;
  if (printed !== "") noting.events.push(...notedAnswer(printed));
}

const ASIDE =
  /^(?:(?:thought|thinking|reasoning|reflection|plan|system(?: prompt)?|note|comment)s?\s*[:：]|> (?:Entering new|Finished) |={3,}|-{3,}|\[(?:chain|llm|agent)\/)/i;

/** What the model thought, and what frameworks print around a run. */
function readAside(line: string, noting: Noting): readonly TraceEvent[] | undefined {
  if (!ASIDE.test(line)) return undefined;
  noting.isAside = true;
  return [];
}

function readCommand(line: string, noting: Noting): readonly TraceEvent[] | undefined {
  const command = /^\$\s+(\S.*)$/s.exec(line)?.[1];
  if (command === undefined) return undefined;
  endPrinting(noting);
  noting.printed = [];
  noting.events.push(...shellCall(command));
  return [];
}

const ANSWER_MARK = /^(?:←|<-{1,2}(?!-)|⇐|<=|=>|⎿|└─*>?|↳|⤷|<<)\s*/;

function readAnswerMark(line: string, { events }: Noting): readonly TraceEvent[] | undefined {
  const mark = ANSWER_MARK.exec(line)?.[0];
  if (mark === undefined) return undefined;
  const rest = line
    .slice(mark.length)
    .replace(/^(?:tool[ _])?(?:result|output|returned|response)\s*[:=]\s*/i, "");
  const named = /^([\p{L}_][\p{L}\p{N}_.-]{0,99})\s*:\s*(?=\S)/u.exec(rest);
  const isTool = events.some((event) => event.kind === "called" && event.name === named?.[1]);
  return isTool ? notedAnswer(rest.slice(named?.[0].length), named?.[1]) : notedAnswer(rest);
}

const CALL_MARK = /^(?:→|-{1,2}>|⇒|⟶|➜|➔|>>|▶|⏺|●|call\b:?)\s*/i;

function readCallMark(line: string, { events }: Noting): readonly TraceEvent[] | undefined {
  const mark = CALL_MARK.exec(line)?.[0];
  if (mark === undefined) return undefined;
  const rest = line.slice(mark.length).replace(CALL_LABEL, "");
  const call = notedCall(rest);
  if (call !== undefined) return call;
  // Behind a call on the line above an arrow leads to its answer.
  const isAnswer = events.at(-1)?.kind === "called" && /^(?:[[{"\d]|(?:error|failed)\b)/i.test(rest);
  if (isAnswer) return notedAnswer(rest);
  if (/^[⏺●]/.test(mark)) return spokenEvents(rest) ?? [{ kind: "said", role: "assistant", text: rest }];
  return bareName(rest);
}

function bareName(text: string): readonly TraceEvent[] | undefined {
  const name = /^[`*]*([\p{L}_][\p{L}\p{N}_.:/-]{0,99})[`*]*\s*(?:\(\s*(?:\.{3}|…|\?)?\s*\))?$/u.exec(
    text.trim(),
  )?.[1];
  return name === undefined ? undefined : [{ kind: "called", name, given: undefined, id: undefined }];
}

/** A line of a log that is nothing but keys and values. */
function readLoggedPairs(line: string): readonly TraceEvent[] | undefined {
  const begin = /^(?:[^\s="'(){}]+[\s:|]+){0,4}?(?=[\p{L}_][\w.-]{0,60}=)/u.exec(line)?.[0];
  if (begin === undefined) return undefined;
  const { pairs } = readPairs(line, begin.length);
  if (pairs.length < 2) return undefined;
  const words = begin.trim() === "" ? {} : { event: begin.trim() };
  const events = eventsOfRecord({ ...words, ...Object.fromEntries(pairs) });
  return events.length === 0 ? undefined : events;
}

const GIVEN_LABEL =
  /^(?:(?:action|tool|function)[ _])?(?:input|args|arguments|parameters|params|kwargs)\s*[:=]\s*(?=\S)/i;

/** A line that says what the call before it was given. */
function readGiven(line: string, { events }: Noting): readonly TraceEvent[] | undefined {
  const label = GIVEN_LABEL.exec(line)?.[0];
  const last = events.at(-1);
  if (label === undefined || last?.kind !== "called" || last.given !== undefined) return undefined;
  const text = line.slice(label.length).replace(/^`(.*)`$/s, "$1");
  const pairs = readPairs(text, 0).pairs;
  const given = givenOf(text) ?? (pairs.length === 0 ? undefined : Object.fromEntries(pairs));
  events.splice(-1, 1, { ...last, given });
  return [];
}

const ANSWER_LABEL =
  /^\[?(?:(?:tool|function|api|action)[ _-])?(?:result|results|output|response|observation|returned|returns|return)(?:[ _]message)?\]?(?:\s*\(([\w.-]{1,100})\)|\s+(?:of|from|for)\s+`?([\w.-]{1,100})`?|\s+`?([a-z]\w*_\w+)`?(?=\s*[:{[]))?\s*(?:[:=]|->|(?=[{["]))\s*(?=\S)/i;
const ERROR_LABEL = /^\[?(?:(?:tool|function)[ _-])?(?:error|exception|failure)\]?\s*[:：=]\s*(?=\S)/i;

function readLabelledAnswer(line: string, { events }: Noting): readonly TraceEvent[] | undefined {
  const last = events.at(-1);
  const error = ERROR_LABEL.exec(line)?.[0];
  if (error !== undefined && last?.kind === "called")
    return [
      { kind: "answered", id: undefined, name: undefined, answer: { error: line.slice(error.length) } },
    ];
  const label = ANSWER_LABEL.exec(line);
  if (label === null) return undefined;
  return notedAnswer(line.slice(label[0].length), label[1] ?? label[2] ?? label[3]);
}

const CALL_LABEL =
  /^\[?(?:tool[ _-]?(?:call|use|invocation|start)s?|function[ _-]?call|tool|function|action|invoking|invoked?|calling(?: tool)?|using(?: tool)?|executing|running)(?!\s*(?:input|output|args|arguments|result|response|error)\b)(?:\s*#?\d{1,3})?\]?\s*(?:[:：=|]\s*|\s+)/i;

function readLabelledCall(line: string): readonly TraceEvent[] | undefined {
  const label = CALL_LABEL.exec(line)?.[0];
  if (label === undefined) return undefined;
  const rest = line.slice(label.length);
  const answer = ANSWER_MARK.exec(rest)?.[0] ?? CALL_MARK.exec(rest)?.[0];
  if (answer !== undefined && notedCall(rest.slice(answer.length)) === undefined)
    return notedAnswer(rest.slice(answer.length));
  return notedCall(rest) ?? (/[:：=]\s*$/.test(label) ? bareName(rest) : undefined);
}

const CALLS_VERB =
  /^(?:(?:then|next|and)\s+)?(?:(?:the\s+)?[\p{L}]+\s+)?(?:calls?|called|invokes?|invoked|uses?|used|runs?|ran|executes?|executed)\s+(?:the\s+)?(?:tool\s+)?(?=[`*]{0,2}[\p{L}_])/iu;
const NAME_VERB =
  /^(?:the\s+)?(?:tool\s+)?`?([\p{L}_][\p{L}\p{N}_.-]{0,99})`?\s+(?:(returned|returns|answered|answers|responded(?: with)?|replied(?: with)?|gave(?: back)?|came back with)|(failed|errored|threw|raised)(?: with)?)\s*:?\s*(?=\S)/iu;

/** A step that is told in a sentence. */
function readSentence(line: string, { events }: Noting): readonly TraceEvent[] | undefined {
  const verb = CALLS_VERB.exec(line)?.[0];
  const call = verb === undefined ? undefined : notedCall(line.slice(verb.length));
  if (call !== undefined) return call;
  const named = NAME_VERB.exec(line);
  const [all = "", name, answers] = named ?? [];
  const isTool = events.some((event) => event.kind === "called" && event.name === name);
  const isNamedTool = /^(?:the\s+)?tool\s/i.test(line) && name !== undefined;
  const isIt = /^(?:it|tool|api|this|that)$/i.test(name ?? "");
  if (named === null || (!isTool && !isIt && !isNamedTool)) return undefined;
  const rest = line.slice(all.length);
  const known = isIt ? undefined : name;
  if (answers !== undefined) return notedAnswer(rest, known);
  return [{ kind: "answered", id: undefined, name: known, answer: { error: errorText(rest) } }];
}

/** What was typed at the prompt of a terminal. */
function readTyped(line: string, { isTerminal }: Noting): readonly TraceEvent[] | undefined {
  const typed = /^>\s+(\S.*)$/s.exec(line)?.[1];
  return isTerminal && typed !== undefined ? [saidBy("user", typed)] : undefined;
}

/** A call without any mark has to be one beyond doubt. */
function readBare(line: string, { printed }: Noting): readonly TraceEvent[] | undefined {
  if (printed !== undefined || !/^[`*]*(?:tool:)?[\p{L}_][\p{L}\p{N}_.:/-]{0,99}[`*]*\s*[({:]/u.test(line))
    return undefined;
  const call = notedCall(line);
  const [first] = call ?? [];
  const isPlain = first?.kind === "called" && (/[_.]|\p{Ll}\p{Lu}/u.test(first.name) || /\)|\}/.test(line));
  return isPlain && (first.given !== undefined || (call ?? []).length > 1) ? call : undefined;
}

/** A value on a line of its own is a message, a record, or the answer to the last call. */
function readJsonLine(line: string, { events, printed }: Noting): readonly TraceEvent[] | undefined {
  if (!/^[[{]/.test(line)) return undefined;
  const value = readJson(line);
  if (isJsonObject(value)) {
    const told = [
      ...eventsOfMessage(value),
      ...(eventsOfMessage(value).length > 0 ? [] : eventsOfRecord(value)),
    ];
    if (told.length > 0) return told;
  }
  const isOpen = printed !== undefined || events.at(-1)?.kind === "called";
  const answer = isOpen ? answerOf(line) : {};
  const isValue =
    answer.error !== undefined || (answer.result !== undefined && typeof answer.result !== "string");
  return isValue ? [{ kind: "answered", id: undefined, name: undefined, answer }] : undefined;
}
