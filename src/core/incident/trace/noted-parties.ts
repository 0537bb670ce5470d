import { notedAnswer, notedCall } from "./noted-call.ts";
import type { TraceEvent } from "./trace-event.ts";

const USER =
  "user|end[- ]?user|customer|human|client|caller|visitor|guest|patient|member|employee|student|travell?er|passenger|tenant|buyer|shopper|candidate|applicant|subscriber|nutzer|nutzerin|kunde|kundin|benutzer|utilisateur|cliente|usuario|usuário|ユーザー|пользователь|клиент";
const ASSISTANT =
  "assistant|agent|agente|agentin|bot|chatbot|ai|ia|ki|llm|model|assistent|asistente|assistente|エージェント|アシスタント|агент|ассистент|бот";
const TOOL = "tools?|functions?|api|backend|tool[ _]?(?:server|result|response)|mcp(?: server)?";
const ARROW = String.raw`\s*(?:→|-{1,2}>|={1,2}>|⇒|⟶|➜|➔|>>)\s*`;
const PARTY = String.raw`(?:the\s+)?[\x60*]{0,2}([\p{L}_][\p{L}\p{N}_. -]{0,60}?)[\x60*]{0,2}`;
const BETWEEN = new RegExp(`^${PARTY}${ARROW}(.*)$`, "su");
const BACK = new RegExp(
  String.raw`^(?:${ASSISTANT})\s*(?:←|<-{1,2}|⇐)\s*(?:[\x60*]{0,2}([\p{L}_][\p{L}\p{N}_.-]{0,99})[\x60*]{0,2}\s*[:：]\s*)?(.*)$`,
  "isu",
);
const IS_USER = new RegExp(`^(?:${USER})$`, "iu");
const IS_ASSISTANT = new RegExp(`^(?:${ASSISTANT})$`, "iu");
const IS_TOOL = new RegExp(`^(?:${TOOL})$`, "iu");
const TO_PARTY = new RegExp(
  String.raw`^[\x60*]{0,2}(?:(${USER})|(${ASSISTANT})|(${TOOL}))[\x60*]{0,2}\s*(?:[:：]\s*|$|(?=[{[]))`,
  "iu",
);
const SPOKEN = new RegExp(
  String.raw`^(?:the\s+)?[\[<]?(?:(${USER})|(${ASSISTANT}))(?:\s+\d{1,2})?[\]>]?(?:\s+(?:wrote|writes|said|says|asked|asks|replied|replies|answered|answers|responded|responds|message|input|request|response|reply|output))?(?:\s+(?:to\s+the\s+)?(?:user|customer|agent|bot))?\s*(?:[:：]|(?<=[\]>]))\s*(.*)$`,
  "isu",
);
/** Logs write who speaks in capitals. */
const LOGGED =
  /^\[?(?:(USER|HUMAN|CUSTOMER|CLIENT)|(AGENT|ASSISTANT|BOT|AI|LLM|MODEL))\]?(?:[\s|–-]+)(\S.*)$/s;
const FINAL =
  /^(?:final[ _](?:answer|response|output|reply)|answer|question|query|prompt)\s*[:：]\s*(\S.*)$/is;

/** Gives what somebody said, without the marks around it. */
export function saidBy(role: "user" | "assistant", written: string): TraceEvent {
  const text = written.trim();
  const quoted = /^(?:"([^"]*)"|“([^”]*)”|'([^']*)'|\x60([^\x60]*)\x60|„([^“”]*)[“”])[.]?$/s.exec(text);
  return { kind: "said", role, text: quoted?.slice(1).find((inner) => inner !== undefined) ?? text };
}

/** Reads a line that says who turned to whom: `user → agent: …`, `agent → read_order: {…}`, `read_order → agent: {…}`. */
export function partyEvents(line: string): readonly TraceEvent[] | undefined {
  const back = BACK.exec(line);
  if (back !== null) return notedAnswer(back[2] ?? "", toolName(back[1] ?? ""));
  const [, left = "", rest = ""] = BETWEEN.exec(line) ?? [];
  if (left === "") return undefined;
  const to = TO_PARTY.exec(rest);
  const told = to === null ? rest : rest.slice(to[0].length);
  if (IS_USER.test(left)) return told.trim() === "" ? [] : [saidBy("user", told)];
  if (IS_ASSISTANT.test(left)) {
    if (to?.[1] !== undefined) return [saidBy("assistant", told)];
    return notedCall(told) ?? toolOnly(told);
  }
  if (to?.[1] === undefined && to?.[2] === undefined) return undefined;
  return notedAnswer(told, toolName(left));
}

/** The name of a tool, where a party is not just called one. */
function toolName(party: string): string | undefined {
  const name = party.replace(/^(?:tool|function)[\s:]+/i, "").trim();
  return name === "" || IS_TOOL.test(name) ? undefined : name;
}

function toolOnly(text: string): readonly TraceEvent[] | undefined {
  const name =
    /^[\x60*]*([\p{L}_][\p{L}\p{N}_.-]{0,99})[\x60*]*\s*(?:\(\s*(?:\.{3}|…|\?)?\s*\))?[.:]?$/u.exec(
      text.trim(),
    )?.[1];
  return name === undefined ? undefined : [{ kind: "called", name, given: undefined, id: undefined }];
}

/** Reads a turn of the conversation: `User: …`, `[agent] …`, `The customer wrote: "…"`, `Final Answer: …`. */
export function spokenEvents(line: string): readonly TraceEvent[] | undefined {
  const [, user, assistant, said = ""] = SPOKEN.exec(line) ?? LOGGED.exec(line) ?? [];
  if (user !== undefined || assistant !== undefined) {
    return [saidBy(user === undefined ? "assistant" : "user", said)];
  }
  const final = FINAL.exec(line)?.[1];
  if (final === undefined) return undefined;
  return [saidBy(/^(?:question|query|prompt)/i.test(line) ? "user" : "assistant", final)];
}
