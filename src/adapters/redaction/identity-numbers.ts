import validator from "validator";
import { type FoundValue, groupOf } from "./found-value.ts";

/** A national number that its own form and check make certain, without a word beside it. */
interface CheckedForm {
  readonly form: RegExp;
  readonly isValid: (written: string) => boolean;
}

const CHECKED: readonly CheckedForm[] = [
  // United States, social security; the areas 000, 666 and 900 to 999 were never given.
  { form: /(?<![\w.-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g, isValid: () => true },
  // United Kingdom, national insurance.
  {
    form: /(?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)/g,
    isValid: () => true,
  },
  {
    form: /(?<![\w-])(?:[XYZ]-?\d{7}|\d{8})-?[A-Z](?![\w-])/g,
    isValid: (written) => validator.isIdentityCard(compact(written), "ES"),
  },
  {
    form: /(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)/gi,
    isValid: (written) => validator.isTaxID(written.toUpperCase(), "it-IT"),
  },
  // Brazil.
  {
    form: /(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])/g,
    isValid: (written) => validator.isTaxID(written, "pt-BR"),
  },
  // France, social security.
  {
    form: /(?<![\w.-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?![\w-])/g,
    isValid: isFrench,
  },
  // Sweden and Finland.
  {
    form: /(?<![\w.-])(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[-+]\d{4}(?![\w-])/g,
    isValid: (written) => validator.isLuhnNumber(compact(written).slice(-10)),
  },
  {
    form: /(?<![\w.-])(?:[0-2]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[-+A]\d{3}[0-9A-Y](?![\w-])/g,
    isValid: (written) => validator.isIdentityCard(written, "FI"),
  },
  // China.
  {
    form: /(?<![\w.-])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![\w-])/g,
    isValid: (written) => validator.isIdentityCard(written, "zh-CN"),
  },
  // Korea, resident registration.
  { form: /(?<![\w.-])\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])-[1-8]\d{6}(?![\w-])/g, isValid: () => true },
  // India, permanent account number of a person.
  { form: /(?<!\w)[A-Z]{3}P[A-Z]\d{4}[A-Z](?!\w)/g, isValid: () => true },
  // Russia, insurance number.
  { form: /(?<![\w.-])\d{3}-\d{3}-\d{3} \d{2}(?![\w-])/g, isValid: () => true },
  // Belgium.
  { form: /(?<![\w.-])\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?![\w-])/g, isValid: () => true },
];

const WORDS = [
  "ssn|social security(?: (?:number|no))?|national insurance|nino|passport|driver'?s? licen[cs]e|driving licen[cs]e|id card|identity card|national id|tax id|tin|itin|vat id|vat number|nhs|medicare|insurance (?:number|no)|aadhaar|aadhar|pan|green card|visa number",
  "steuer-?id|(?:steuer)?identifikationsnummer|versicherungsnummer|mitgliedsnummer|steuernummer|personalausweis|ausweisnummer|reisepass|führerschein|sozialversicherungsnummer|rentenversicherungsnummer|krankenversicherungsnummer|versichertennummer",
  "numéro de sécurité sociale|sécurité sociale|nir|carte d'identité|passeport|permis de conduire|numéro fiscal",
  "dni|nie|nif|pasaporte|número de la seguridad social|carnet de conducir|curp|rfc|cuit|cédula|rut",
  "codice fiscale|carta d'identità|passaporto|patente|partita iva",
  "cpf|rg|nif|passaporte|cartão de cidadão|número de contribuinte",
  "bsn|burgerservicenummer|paspoort|rijbewijs|rijksregisternummer",
  "pesel|dowód osobisty|nr dowodu|paszport|nip",
  "personnummer|samordningsnummer|pass(?:nummer)?|körkort|fødselsnummer|cpr(?:-nummer)?|henkilötunnus|hetu|norwegian id",
  "t\\.?c\\.? ?kimlik|kimlik|pasaport|ehliyet|vergi",
  "снилс|инн|паспорт|водительское удостоверение",
  "رقم الهوية|الهوية|جواز السفر|رقم الإقامة",
  "आधार|पैन|पासपोर्ट",
];
const UNSPACED_WORDS =
  "マイナンバー|個人番号|パスポート|旅券|運転免許証|身份证|护照|社保|주민등록번호|여권|운전면허";
const NAMED = new RegExp(
  String.raw`(?:(?<![\p{L}\p{N}_])(?:${WORDS.join("|")})(?![\p{L}])|(?:${UNSPACED_WORDS})(?:号码|号|番号|번호)?)(?:[ _-]?(?:number|numbers|no|nr|num|id|code|card|номер|رقم|संख्या|numarası|número|numéro|nummer|seria))?[.)]?["'\x60*]{0,3}\s{0,3}[:=#]?\s{0,3}(?:(?:is|ist|est|es|è|é|är|of|was|no|nr)\.? |は|是|는|은)?["'\x60*]{0,3}([A-Z0-9](?:[ ./-]?[A-Z0-9]){5,21})(?![\p{L}\p{N}])`,
  "giu",
);
const DIGITS_MIN = 4;
const LENGTH_MIN = 6;

/** Finds numbers by which states and insurers know a person: by their check, or by the word before them where a check is weak. */
export function findIdentityNumbers(text: string): readonly FoundValue[] {
  const checked = CHECKED.flatMap(({ form, isValid }) =>
    [...text.matchAll(form)]
      .filter(([written]) => isValid(written))
      .map((match) => groupOf(match, "id", match[0], compact(match[0]))),
  );
  const named = [...text.matchAll(NAMED)].flatMap((match) => {
    const written = untilWords(match[1] ?? "");
    const key = compact(written);
    const isNumber = key.length >= LENGTH_MIN && key.replace(/\D/g, "").length >= DIGITS_MIN;
    return isNumber ? [groupOf(match, "id", written, key)] : [];
  });
  return [...checked, ...named];
}

/** The number without the words behind it: groups go on as long as they hold a digit or are of one or two capitals. */
function untilWords(written: string): string {
  return (
    /^(?:[ ./-]?(?:[A-Z0-9]*\d[A-Z0-9]*|[A-Z]{1,2}(?![A-Za-z])))+/i
      .exec(written)?.[0]
      .replace(/ [A-Za-z]{2,}$/, "") ?? ""
  );
}

function compact(written: string): string {
  return written.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
}

function isFrench(written: string): boolean {
  const digits = compact(written).replace("2A", "19").replace("2B", "18");
  return 97n - (BigInt(digits.slice(0, -2)) % 97n) === BigInt(digits.slice(-2));
}
