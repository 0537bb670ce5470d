import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { fencesOf, unfence, unquote } from "./field-text.ts";
import { objectsOf, readJsonOrLines, textOf } from "./read-json.ts";
import { unwrap } from "./read-list.ts";

const MESSAGES_MAX = 100;

/** A message of a conversation between the user and the agent. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly content: string;
}

const USER =
  "user|customer|human|client|caller|visitor|guest|patient|member|employee|student|travell?er|passenger|tenant|buyer|shopper|candidate|applicant|subscriber|nutzer|nutzerin|kunde|kundin|benutzer|utilisateur|cliente|usuario|usuário|ユーザー|пользователь|клиент";
const ASSISTANT =
  "assistant|agent|bot|chatbot|ai|model|assistent|asistente|assistente|エージェント|アシスタント|агент|ассистент|бот";
const TURN = new RegExp(
  String.raw`^\s*(?:[-*+]\s+)?(?:\*\*|__|\[|#{1,6}\s+)?(?:(${USER})|(${ASSISTANT}))(?:\s+\d{1,2})?(?:\*\*|__|\])?\s*[:：](?:\*\*|__)?\s*(.*)$`,
  "iu",
);

/** Reads what the user sent: a JSON list of messages, turns such as `User:` and `Assistant:`, a fence, a quote, or plain text. */
export function readMessages(written: string): readonly Message[] {
  const fences = fencesOf(written);
  for (const candidate of [written, ...fences.map(({ content }) => content)]) {
    const messages = messagesInJson(readJsonOrLines(candidate));
    if (messages.length > 0) return messages.slice(0, MESSAGES_MAX);
  }
  const text = withoutIntroduction(written);
  const turns = readTurns(unquote(text));
  if (turns.length > 0) return turns.slice(0, MESSAGES_MAX);
  const content = unwrap(unquote(unfence(text))).trim();
  return content === "" ? [] : [{ role: "user", content }];
}

/** Reads turns of a conversation; nothing where the text does not begin with a speaker. */
export function readTurns(text: string): readonly Message[] {
  const lines = unfence(text).split("\n");
  const turns: { role: Message["role"]; lines: string[] }[] = [];
  for (const line of lines) {
    const [, user, assistant, said = ""] = TURN.exec(line) ?? [];
    if (user !== undefined || assistant !== undefined) {
      turns.push({ role: user === undefined ? "assistant" : "user", lines: [said] });
    } else if (turns.length > 0) turns.at(-1)?.lines.push(line);
    else if (line.trim() !== "") return [];
  }
  return turns
    .map(({ role, lines: said }) => ({ role, content: unwrap(unquote(unfence(said.join("\n").trim()))) }))
    .filter(({ content }) => content !== "");
}

/** Reads the user's and the agent's texts out of a list of messages of any common kind. */
function messagesInJson(value: JsonValue | undefined): readonly Message[] {
  const list = isJsonObject(value)
    ? (value.messages ?? (value.role === undefined ? undefined : [value]))
    : value;
  return objectsOf(list).flatMap((message): Message[] => {
    const role = textOf(message.role)?.toLowerCase();
    const content = contentText(message);
    if (content === undefined) return [];
    if (role === "user" || role === "human") return [{ role: "user", content }];
    return role === "assistant" || role === "ai" || role === "model" ? [{ role: "assistant", content }] : [];
  });
}

/** Gives the text of a message whose content is a text, a list of blocks or a list of parts. */
function contentText(message: JsonObject): string | undefined {
  const content = message.content ?? message.parts;
  if (typeof content === "string") return textOf(content);
  const texts = objectsOf(content)
    .filter(
      ({ type }) => type === undefined || type === "text" || type === "input_text" || type === "output_text",
    )
    .map((block) => textOf(block.text) ?? textOf(block.content))
    .filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join("\n");
}

/** Drops a line such as "The user wrote:" ahead of a fence or a quote. */
function withoutIntroduction(written: string): string {
  const [first = "", ...rest] = written.trim().split("\n");
  const after = rest.join("\n").trim();
  const isQuoted = /^(?:`{3}|~{3}|>)/.test(after);
  return /[:：]\s*$/.test(first) && isQuoted && !TURN.test(first) ? after : written.trim();
}
