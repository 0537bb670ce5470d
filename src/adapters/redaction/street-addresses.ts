import { type FoundValue, groupOf } from "./found-value.ts";

// Names of streets: words with a capital, with the small words that some languages put between them.
const WORD = "\\p{Lu}[\\p{L}\\p{M}'.-]{0,30}";
const SMALL =
  "(?:de la|de los|de las|de|du|des|del|della|dei|da|das|do|dos|la|le|les|los|las|van|van de|der|di|d'|l')";
const NAME = `(?:${SMALL} ?)?${WORD}(?: (?:${SMALL} ?)?${WORD}){0,3}`;
const NUMBER = "\\d{1,5}(?: ?(?:bis|ter|[a-zA-Z]))?(?![\\p{L}\\p{N}])";
const CITY = `${WORD}(?: ${WORD}| (?:am|an der|ob der|sur|de|la|el) ${WORD}){0,2}`;

/** What may follow the street: parts that end in a postal code with its place, in the order of the country. */
const TAIL_BEFORE_CITY = `(?:,? ?(?:\\d{1,2} ?[ºª°] ?[A-Z]?|[Aa]pt\\.? ?\\w{1,5}|[Ww]ohnung \\d{1,4}|kv\\.? \\d{1,4}))?(?:[, ]{1,2}(?:[A-Z]{1,2}-)?(?:\\d{4,5}(?:-\\d{3})?|\\d{4} ?[A-Z]{2}|\\d{2}-\\d{3}|\\d{3} \\d{2}) ${CITY})?`;
const TAIL_AFTER_CITY =
  "(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|#)\\.? ?\\w{1,6})?(?:(?:, [^\\n,;:]{1,30}){0,3}?,? (?:[A-Z]{2},? )?(?:\\d{5}(?:-\\d{4})?|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2})(?![\\p{L}\\p{N}]))?";

const ENGLISH_KIND =
  "(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Terrace|Ter|Place|Pl|Square|Sq|Way|Close|Crescent|Highway|Hwy|Parkway|Pkwy|Row|Gardens|Grove|Mews|Wharf)";
const GERMAN_END = "(?:straße|strasse|str\\.|weg|allee|platz|gasse|ring|damm|ufer|chaussee|steig)";
const CHINESE_REGION =
  "(?:北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|广州|深圳|杭州|南京|成都|武汉|西安|苏州)";
const JAPANESE_REGION = "(?:東京都|北海道|(?:京都|大阪)府|\\p{Script=Han}{2,3}県)";
const KOREAN_REGION =
  "(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|충청|전북|전남|전라|경북|경남|경상|제주)";

const STREETS: readonly RegExp[] = [
  `(?<![\\p{L}\\p{N}.-])\\d{1,5}[A-Z]? (?:[NSEW]\\.? |North |South |East |West )?(?:(?:${WORD}|\\d{1,3}(?:st|nd|rd|th)) ){1,4}?${ENGLISH_KIND}(?![\\p{L}])\\.?(?: (?:NW|NE|SW|SE|N|S|E|W)(?!\\p{L}))?${TAIL_AFTER_CITY}`,
  `(?<![\\p{L}\\p{N}])P\\.? ?O\\.? Box \\d{1,6}${TAIL_AFTER_CITY}`,
  `(?<![\\p{L}\\p{N}])(?:\\p{Lu}[\\p{L}.-]{0,40}${GERMAN_END}|${WORD} (?:Straße|Strasse|Str\\.|Weg|Allee|Platz|Gasse|Ring|Damm|Ufer)) ${NUMBER}${TAIL_BEFORE_CITY}`,
  `(?<![\\p{L}\\p{N}])(?:Am|An der|Im|In der|Zum|Zur|Auf dem|Unter den) ${WORD} ${NUMBER},? \\d{4,5} ${CITY}`,
  `(?<![\\p{L}\\p{N}])\\d{1,4}(?: ?(?:bis|ter|quater))?,? (?:[Rr]ue|[Aa]venue|[Aa]v\\.|[Bb]oulevard|[Bb]d|[Pp]lace|[Cc]hemin|[Aa]llée|[Ii]mpasse|[Qq]uai|[Rr]oute|[Cc]ours|[Ss]quare|[Pp]assage) ${NAME}${TAIL_BEFORE_CITY}`,
  `(?<![\\p{L}\\p{N}])(?:Calle|C/|Avda?\\.|Avenida|Plaza|Paseo|Camino|Carretera|Ronda|Rua|Av\\.|Travessa|Praça|Largo|Alameda|Estrada|Via|Viale|Piazza|Corso|Vicolo|Strada) ${NAME},? (?:n[.º°] ?)?${NUMBER}${TAIL_BEFORE_CITY}`,
  `(?<![\\p{L}\\p{N}])\\p{Lu}\\p{L}+(?:straat|laan|weg|gracht|plein|kade|dijk|singel|steeg|gatan|vägen|gränd|allén|torget|stigen|backen|veien|gata|gade|vej|katu) ${NUMBER}${TAIL_BEFORE_CITY}`,
  `(?<![\\p{L}\\p{N}])(?:ul|al|pl|os)\\. ${NAME} \\d{1,4}[a-z]?(?:/\\d{1,4})?${TAIL_BEFORE_CITY}`,
  `(?<![\\p{L}\\p{N}])(?:${WORD} ){1,3}(?:Caddesi|Cad\\.|Sokak|Sokağı|Sk\\.|Bulvarı|Mahallesi|Mah\\.)(?:,? (?:No:? ?)?\\d{1,4}(?:/\\d{1,3})?)?${TAIL_BEFORE_CITY}`,
  `(?<![\\p{L}\\p{N}])(?:ул\\.|улица|пр\\.|просп\\.|проспект|пер\\.|переулок|наб\\.|бульвар|шоссе|пл\\.) ?${WORD}(?: ${WORD})?,? ?(?:д\\.|дом)? ?\\d{1,4}[а-я]?(?:,? ?(?:кв|корп|стр)\\. ?\\d{1,4}){0,2}(?:, \\d{6},? ${CITY})?`,
  `(?:〒? ?\\d{3}-\\d{4}\\s?)?${JAPANESE_REGION}[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー]{1,30}\\d[\\d-]{0,12}(?:丁目|番地?|号|\\d|-)*`,
  `${CHINESE_REGION}(?:省|市|自治区|特别行政区)?\\p{Script=Han}{0,20}(?:路|街|道|巷|弄|村)\\d{1,5}(?:号|弄)(?:\\d{1,4}(?:号|室|楼|栋)?){0,3}`,
  `${KOREAN_REGION}\\p{L}{0,6} (?:\\p{L}{1,8}[시군구읍면] ){0,2}\\p{L}{1,10}\\d{0,3}(?:로|길|동) ?\\d{1,4}(?:-\\d{1,4})?(?:번길 ?\\d{1,4})?`,
  "شارع [\\p{Script=Arabic} ]{2,30}\\d{1,4}(?:، ?[\\p{Script=Arabic} ]{2,20}\\d{4,6})?",
  "\\d{1,4},? [\\p{Script=Devanagari}\\p{M} ]{2,40}(?:मार्ग|रोड|नगर|गली|सड़क)(?:,? [\\p{Script=Devanagari}\\p{M} ,]{2,30}\\d{6})?",
].map((source) => new RegExp(source, "gu"));

const LABELS =
  "address|shipping[ _]address|billing[ _]address|street|anschrift|adresse|lieferadresse|dirección|indirizzo|endereço|morada|adres|adresi|adress|адрес|العنوان|पता";
const LABELLED = new RegExp(
  `(?:(?<![\\p{L}\\p{N}])(?<!(?:e-?mail|ip|mac|web|url|http|wallet|memory) )(?:${LABELS})|住所|地址|주소)["'\\x60*]{0,3}\\s{0,2}[:=]\\s{0,2}["'\\x60]?([^"'\\x60\\n;|<>{}]{6,120})`,
  "giu",
);

/** Finds where people live: streets with a number as the main languages write them, and what a label calls an address. */
export function findStreetAddresses(text: string): readonly FoundValue[] {
  const streets = STREETS.flatMap((street) => [...text.matchAll(street)]).map((match) =>
    groupOf(match, "address", trimmed(match[0]), keyOf(match[0])),
  );
  const labelled = [...text.matchAll(LABELLED)].flatMap((match) => {
    const written = trimmed(match[1] ?? "");
    const isPlace = /\p{N}/u.test(written) && /\p{L}{2}/u.test(written) && !/:\/\/|@|^\d+\.\d/.test(written);
    return isPlace ? [groupOf(match, "address", written, keyOf(written))] : [];
  });
  return [...streets, ...labelled];
}

function trimmed(written: string): string {
  return written.replace(/[\s,.;]+$/, "");
}

function keyOf(written: string): string {
  return trimmed(written)
    .toLowerCase()
    .replace(/[\s,.]+/g, " ");
}
