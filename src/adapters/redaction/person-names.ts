import type { FoundValue, Stretch } from "./found-value.ts";
import { CHINESE_FAMILY_NAMES, GIVEN_NAMES, KOREAN_FAMILY_NAMES, NO_NAMES, PARTICLES } from "./name-words.ts";

// Bounded, so that one word without an end is not read anew from each of its letters.
const WORD =
  "\\p{Lu}[\\p{L}\\p{M}]{0,30}(?:['-]\\p{Lu}?[\\p{L}\\p{M}]{1,30}){0,3}(?![\\p{L}\\p{M}\\p{N}_=/])";
const INITIAL = "\\p{Lu}\\.";
const NAME = `(?:${WORD}|${INITIAL})(?:[ \\u00a0](?:(?:${PARTICLES})[ ]){0,2}(?:${INITIAL}|${WORD})){0,3}`;
const BEGIN = "(?<![\\p{L}\\p{N}_@/.-])";
const AFTER_LABEL = `["'\\x60*_]{0,3}\\s{0,2}[:=]\\s{0,2}["'\\x60*_]{0,3}`;

const TITLES =
  "mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|lady|lord|herr|herrn|frau|fräulein|monsieur|madame|mme|mlle|mademoiselle|sr|sra|srta|señor|señora|señorita|don|doña|sig|sig\\.ra|signor|signora|signorina|dott|dott\\.ssa|avv|senhor|senhora|dona|dra|meneer|mevrouw|dhr|mevr|mw|pan|pani|panu|panią|panem|fru|fröken|sayın|г-н|г-жа|господин|госпожа|господину|госпоже";
const GREETINGS =
  "dear|hi|hello|hey|good (?:morning|afternoon|evening)|hallo|liebe|lieber|guten (?:tag|morgen|abend)|servus|bonjour|salut|bonsoir|cher|chère|hola|buenos días|buenas tardes|estimado|estimada|querido|querida|ciao|gentile|caro|cara|buongiorno|olá|prezado|prezada|bom dia|boa tarde|beste|hoi|goedemorgen|cześć|dzień dobry|szanowny|szanowna|drogi|droga|hej|hejsan|kära|käre|bästa|merhaba|sayın|selam|уважаемый|уважаемая|дорогой|дорогая|здравствуйте|привет|добрый день";
const ROLES =
  "customer|client|patient|user|tenant|guest|passenger|caller|subscriber|buyer|employee|colleague|applicant|candidate|student|policyholder|resident|member|driver|recipient|sender|account holder|cardholder|borrower|wife|husband|son|daughter|mother|father|kunde|kundin|kunden|patientin|nutzer|nutzerin|mieter|mieterin|gast|mitarbeiter|mitarbeiterin|bewerber|bewerberin|cliente|paciente|usuario|usuaria|empleado|empleada|paziente|utente|dipendente|inquilino|cliente|utilisateur|utilisatrice|locataire|salarié|salariée|klant|patiënt|gebruiker|huurder|klient|klientka|klientki|klienta|pacjent|pacjentka|kund|kunden|patienten|användaren|müşteri|hasta|kullanıcı|клиент|клиентка|клиента|клиенту|пациент|пациентка|пользователь|сотрудник";
const NAMING_VERBS =
  "named|called|opened by|written by|invoice of|parcel for|cc|thanks|sorry|of course|no problem|nannte|im namen von|nombre de|nom de|nome di|telefonat mit|anruf von|told|asked|emailed|called|wrote to|replied to|answered|refunded|notified|contacted|account of|order of|file of|record of|behalf of|request of|belongs to|belonging to|mail from|message from|letter to|message to|call from|complaint from|signed by|reported by|approved by|assigned to";
const SURE_LABELS =
  "(?:customer|client|patient|guest|contact|account|card|holder|cardholder|full|first|last|middle|given|family|display|legal|maiden|employee|recipient|sender|passenger|billing|shipping)[ _-]?name|(?:first|last|full|customer|family|given)name|given|family|surname|forename|vorname|nachname|familienname|name des kunden|name der kundin|kundenname|prénom|nom de famille|nom du client|nom complet|apellidos?|nombre del cliente|nombre completo|cognome|nome completo|nome do cliente|sobrenome|achternaam|voornaam|nazwisko|imię|efternamn|förnamn|ad soyad|adı soyadı|soyadı|фио|фамилия|имя|отчество";
const LOOSE_LABELS =
  "name|user[ _-]?name|nombre|nome|nom|naam|namn|isim|ad|author|customer|client|patient|guest|contact|kunde|kundin|cliente|klant|klient|kund|müşteri|клиент";
const OTHER_NAMES =
  "(?:tool|file|function|model|agent|product|user|host|branch|column|field|event|metric|job|queue|class|variable|repo|repository|package|service|server|domain|table|test|check|env|key|tag|label|span|workflow|step|bucket|cluster|project|team|skill|plugin|server|code|brand|company|event|group|index|topic)";
const INTRODUCTIONS =
  "my name is|my name's|this is|i am|i'm|ich heiße|mein name ist|ich bin|je m'appelle|je suis|mon nom est|me llamo|mi nombre es|soy|mi chiamo|sono|meu nome é|me chamo|ik heet|mijn naam is|nazywam się|jag heter|mitt namn är|benim adım|adım|меня зовут";
const SIGNATURES =
  "(?:best|kind|warm|many)? ?regards|sincerely|yours(?: truly| faithfully| sincerely)?|cheers|many thanks|best|thanks|thank you|mit freundlichen grüßen|viele grüße|beste grüße|herzliche grüße|liebe grüße|gruß|cordialement|bien à vous|salutations|saludos|un saludo|atentamente|cordiali saluti|distinti saluti|saluti|atenciosamente|cumprimentos|met vriendelijke groet(?:en)?|groeten|pozdrawiam|z poważaniem|med vänlig hälsning|med vänliga hälsningar|hälsningar|saygılarımla|с уважением";

const caseless = (source: string): RegExp => new RegExp(source, "giu");
/** A cue in any letters, after which the name itself has to have its capitals. */
interface Cue {
  readonly before: RegExp;
  readonly name: RegExp;
  /** How sure the cue makes that what follows is a name. */
  readonly needs: "no word" | "two or known" | "whole line";
}

const here = (source: string): RegExp => new RegExp(source, "uy");
const NAME_HERE = here(NAME);
const NAME_OF_LETTER_HERE = here(`${NAME}(?=[ ]?(?:[,!:;.]|\\n|$))`);
const NAME_OF_VALUE_HERE = here(`${NAME}(?=["'\x60*_]{0,3}[ \t]*(?:[,;<()\\]}|]|\\\\n|\\n|$))`);
const TITLE_HERE = new RegExp(`(?:(?:${TITLES})\\.?[ \\u00a0]){1,3}`, "iuy");
const NAME_OF_LINE_HERE = here(`${NAME}(?=[ \\t]*(?:\\n|$))`);

const CUES: readonly Cue[] = [
  { before: caseless(`${BEGIN}(?:${TITLES})\\.?[ \\u00a0]`), name: NAME_HERE, needs: "no word" },
  {
    before: caseless(`${BEGIN}(?:${GREETINGS}),?[ \\u00a0]`),
    name: NAME_OF_LETTER_HERE,
    needs: "whole line",
  },
  { before: caseless(`${BEGIN}(?:${ROLES})[ \\u00a0]`), name: NAME_HERE, needs: "two or known" },
  { before: caseless(`${BEGIN}(?:${NAMING_VERBS}),?[ \\u00a0]`), name: NAME_HERE, needs: "two or known" },
  {
    before: caseless(`(?<![\\p{L}\\p{N}])(?:${SURE_LABELS})${AFTER_LABEL}`),
    name: NAME_HERE,
    needs: "no word",
  },
  {
    before: caseless(`(?<![\\p{L}\\p{N}_-])(?<!${OTHER_NAMES}[ _-])(?:${LOOSE_LABELS})${AFTER_LABEL}`),
    name: NAME_OF_VALUE_HERE,
    needs: "two or known",
  },
  { before: caseless(`${BEGIN}(?:${INTRODUCTIONS})[ \\u00a0]`), name: NAME_HERE, needs: "two or known" },
  {
    before: caseless(`(?:^|\\n)[ \\t>]{0,8}(?:${SIGNATURES})[,.!]?[ \\t]*\\n{1,2}[ \\t>]{0,8}`),
    name: NAME_OF_LINE_HERE,
    needs: "whole line",
  },
];

const TITLE_BEHIND = new RegExp(`${BEGIN}(${WORD}) (?:Bey|Hanım|Efendi)(?!\\p{L})`, "gu");
const KNOWN_NAME = new RegExp(`${BEGIN}(${WORD})(?=[ \\u00a0](?:${INITIAL}|\\p{L}))`, "gu");

/** Names in scripts that know no capitals, by the words and endings that stand beside them. */
const UNCASED: readonly RegExp[] = [
  /(?<![\p{Script=Han}])([\p{Script=Han}]{2,5}|[\p{Script=Katakana}ー]{2,12}(?:[・ ][\p{Script=Katakana}ー]{2,12})?)(?=様|さん|さま|氏(?!名)|くん|ちゃん|先生)/gu,
  /(?:氏名|お名前|名前|お客様名|顧客名)["'\x60*]{0,3}\s{0,2}[:=は]\s{0,2}["'\x60*]{0,3}([\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}ー]{2,10}(?: [\p{Script=Han}\p{Script=Katakana}]{1,6})?)/gu,
  new RegExp(
    `(?:客户|用户|患者|顾客|病人|乘客|租客|员工|会员)["']?\\s?:?\\s?((?:${[...CHINESE_FAMILY_NAMES].join("|")})\\p{Script=Han}{1,2})`,
    "gu",
  ),
  new RegExp(`((?:${[...CHINESE_FAMILY_NAMES].join("|")})\\p{Script=Han}{0,2})(?=先生|女士|小姐|太太)`, "gu"),
  /(?:姓名|客户名称|联系人)["']?\s{0,2}[:=]\s{0,2}["']?([\p{Script=Han}·]{2,8})/gu,
  new RegExp(
    `(?<![\\p{Script=Hangul}])([${KOREAN_FAMILY_NAMES}][\\p{Script=Hangul}]{1,3})(?= ?(?:님|씨|고객님))`,
    "gu",
  ),
  /(?:이름|성함|성명|고객명)["']?\s{0,2}[:=은는이]\s{0,2}["']?([\p{Script=Hangul}]{2,5})/gu,
  /(?<!\p{L})(?:السيد|السيدة|الأستاذ|الأستاذة|الدكتور|الدكتورة) ((?!ال)\p{Script=Arabic}{2,15}(?: \p{Script=Arabic}{2,15})?)/gu,
  /(?:الاسم|اسم العميل)["']?\s{0,2}[:=]\s{0,2}["']?(\p{Script=Arabic}{2,15}(?: \p{Script=Arabic}{2,15}){0,2})/gu,
  /(?<![\p{L}\p{M}])(?:श्री|श्रीमती|सुश्री|डॉ\.?|ग्राहक|मरीज) ([\p{Script=Devanagari}]{2,15} [\p{Script=Devanagari}]{2,15})(?= ने| को| का| की| से| जी|[,।\n]|$)/gu,
  /(?<![\p{L}\p{M}])(?:श्री|श्रीमती|सुश्री) ([\p{Script=Devanagari}]{2,15})(?= ने| को| का| की| से| जी)/gu,
  /(?<![\p{L}\p{M}])(?:नाम)["']?\s{0,2}[:=]\s{0,2}["']?([\p{Script=Devanagari}]{2,15}(?: [\p{Script=Devanagari}]{2,15}){0,2})/gu,
];
const NO_UNCASED_NAME =
  /^(?:お?客|皆|各位|担当者?|利用者|顧客|会員|業者|店員|社長|部長|株主|患者|高客|고객|선생|부모|손님|사장|회원|이용자|여러분|유저|田中央|王国)/u;
// Verbs that often follow a name of two characters.
const CHINESE_VERB = /[投要说問问在想打来來被申已是有请請没沒收反提表认認称稱购買买订訂退的]$/u;

const EMAIL_SURROUNDINGS = 80;
const EMAIL_PART_MIN = 3;

/** Finds names of persons: after words that announce one, by given names that are well known, and beside an e-mail with the same parts. */
export function findPersonNames(text: string, others: readonly FoundValue[]): readonly FoundValue[] {
  const emails = others.filter(({ kind }) => kind === "email");
  return [
    ...CUES.flatMap((cue) => findAfterCue(text, cue)),
    ...findKnown(text),
    ...findUncased(text),
    ...findBesideEmails(text, emails),
    ...findBesideOthers(text, others),
    ...findByEnding(text),
    ...[...text.matchAll(TITLE_BEHIND)].map((match) =>
      personAt({ start: match.index, end: match.index + (match[1] ?? "").length }, match[1] ?? ""),
    ),
  ];
}

function findAfterCue(text: string, { before, name, needs }: Cue): readonly FoundValue[] {
  return [...text.matchAll(before)].flatMap((cue) => {
    const start = afterTitle(text, cue.index + cue[0].length);
    name.lastIndex = start;
    const written = name.exec(text)?.[0] ?? "";
    const words = nameWords(written);
    const kept = writtenOf(written, words);
    return isName(words, kept === written, needs)
      ? [personAt({ start, end: start + kept.length }, kept)]
      : [];
  });
}

function isName(words: readonly string[], isWhole: boolean, needs: Cue["needs"]): boolean {
  const [first] = words;
  if (first === undefined) return false;
  if (needs === "whole line") return isWhole;
  return needs === "no word" || words.length > 1 || GIVEN_NAMES.has(plain(first));
}

/** The place behind the titles that may stand at a place. */
function afterTitle(text: string, at: number): number {
  TITLE_HERE.lastIndex = at;
  return at + (TITLE_HERE.exec(text)?.[0].length ?? 0);
}

/** The words of a name up to the first that is none. */
function nameWords(written: string): readonly string[] {
  const words: string[] = [];
  for (const word of written.split(/[ \u00a0]/)) {
    if (NO_NAMES.has(plain(word)) || /^\p{Lu}{4,}$/u.test(word) || word.length === 0) break;
    words.push(word);
  }
  while (words.length > 0 && /^(?:\p{Ll}.*|\p{Lu}\.)$/u.test(words.at(-1) ?? "")) words.pop();
  return words;
}

function writtenOf(written: string, words: readonly string[]): string {
  return written.slice(0, words.join(" ").length);
}

const FOLLOWING_NAME = here(`(?:[ \\u00a0](?:(?:${PARTICLES})[ ]){0,2}(?:${INITIAL}|${WORD})){1,3}`);

/** A given name that is well known, with what follows it in capitals. */
function findKnown(text: string): readonly FoundValue[] {
  return [...text.matchAll(KNOWN_NAME)].flatMap((match) => {
    const given = match[1] ?? "";
    if (!GIVEN_NAMES.has(plain(given))) return [];
    FOLLOWING_NAME.lastIndex = match.index + given.length;
    const further = FOLLOWING_NAME.exec(text)?.[0] ?? "";
    const words = nameWords(given + further);
    if (words.length < 2) return [];
    const written = writtenOf(given + further, words);
    return [personAt({ start: match.index, end: match.index + written.length }, written)];
  });
}

function findUncased(text: string): readonly FoundValue[] {
  return UNCASED.flatMap((pattern) => [...text.matchAll(pattern)]).flatMap((match) => {
    const named = match[1] ?? "";
    const isChinese = /^\p{Script=Han}{3}$/u.test(named) && CHINESE_VERB.test(named);
    const written =
      isChinese &&
      !/様|さん|先生|女士|小姐|[:=]/.test(text.slice(match.index, match.index + match[0].length + 2))
        ? named.slice(0, 2)
        : named;
    if (NO_UNCASED_NAME.test(written)) return [];
    const start = match.index + match[0].lastIndexOf(named);
    return [personAt({ start, end: start + written.length }, written)];
  });
}

/** Words with a capital beside an e-mail whose local part is made of them. */
function findBesideEmails(text: string, emails: readonly FoundValue[]): readonly FoundValue[] {
  return emails.flatMap(({ key, start, end }) => {
    const local = (key.split("@")[0] ?? "").normalize("NFD").replace(/\p{M}/gu, "");
    const from = Math.max(0, start - EMAIL_SURROUNDINGS);
    return [text.slice(from, start), text.slice(end, end + EMAIL_SURROUNDINGS)].flatMap((around, index) => {
      const offset = index === 0 ? from : end;
      return [...around.matchAll(NAME_ANYWHERE)].flatMap((match) => {
        const parts = match[0]
          .split(/[ -]/)
          .filter((part) => part.length >= EMAIL_PART_MIN && !NO_NAMES.has(plain(part)));
        const isOwner = parts.length > 0 && parts.every((part) => local.includes(unmarked(part)));
        return isOwner
          ? [personAt({ start: offset + match.index, end: offset + match.index + match[0].length }, match[0])]
          : [];
      });
    });
  });
}
/** Two or three words in capitals right beside other data of a person; a sentence hardly ever puts anything else there. */
function findBesideOthers(text: string, others: readonly FoundValue[]): readonly FoundValue[] {
  return others.flatMap(({ kind, start, end }) => {
    if (!BESIDE_NAMES.has(kind)) return [];
    const from = Math.max(0, start - OTHERS_SURROUNDINGS);
    const to = end + OTHERS_SURROUNDINGS;
    return [...text.slice(from, to).matchAll(NAME_ANYWHERE)].flatMap((match) => {
      const at = from + match.index;
      if (at < end && at + match[0].length > start) return [];
      const words = nameWords(match[0]);
      const isCut = match.index === 0 || at + match[0].length >= to;
      if (isCut || words.length < 2 || words.length > 3) return [];
      const written = writtenOf(match[0], words);
      return [personAt({ start: at, end: at + written.length }, written)];
    });
  });
}

const BESIDE_NAMES: ReadonlySet<FoundValue["kind"]> = new Set([
  "email",
  "phone",
  "id",
  "iban",
  "card",
  "birthdate",
]);
const OTHERS_SURROUNDINGS = 60;

// Family names in Cyrillic letters, also where the case has changed their end; and as airlines print them.
const BY_ENDING: readonly RegExp[] = [
  /(?<!\p{L})\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+(?:ов|ев|ёв|ин|ын)(?:а|у|ым|е|ой)?(?!\p{L})/gu,
  /(?<!\p{L})\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+(?:ск(?:ий|ая|ого|ому|ой|им)|енко|чук)(?!\p{L})/gu,
  /(?<!\p{L})\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+(?:wicz|owski|owska|ewski|ewska|czyk|ović|ić|escu|ssen|sson|dóttir|opoulos|idze|yan)(?!\p{L})/gu,
  /(?<![\w/])[A-Z]{2,25}\/[A-Z]{2,25} (?:MR|MRS|MS|MISS|MSTR|DR)(?!\w)/g,
];

function findByEnding(text: string): readonly FoundValue[] {
  return BY_ENDING.flatMap((ending) => [...text.matchAll(ending)])
    .filter(
      ([written]) =>
        !written
          .split(/[ /]/)
          .slice(0, 2)
          .some((word) => NO_NAMES.has(plain(word))),
    )
    .map((match) => personAt({ start: match.index, end: match.index + match[0].length }, match[0]));
}

const NAME_ANYWHERE = new RegExp(`${BEGIN}${NAME}`, "gu");

function personAt({ start, end }: Stretch, written: string): FoundValue {
  return { kind: "person", start, end, key: plain(written).replace(/\s+/g, " ") };
}

function plain(word: string): string {
  return word.normalize("NFC").toLowerCase();
}

function unmarked(word: string): string {
  return plain(word).normalize("NFD").replace(/\p{M}/gu, "");
}
