const TEXT_LENGTH_MAX = 20_000;
const CLAUSES_MAX = 500;

/** A kind of harm that a report states. */
export type Harm = "safety" | "privacy" | "money" | "authorization" | "side_effect";

const STATED: Readonly<Record<Harm, RegExp>> = {
  money:
    /\b(?:refunded|reimbursed|overcharged|double[- ]charged|charged|debited|wired|paid out)\b|\bpaid (?:out )?[$€£]? ?\d|\bissued (?:a |an |the |two |several )?(?:\w+ )?(?:refunds?|payments?|payouts?|credits?)\b|\b(?:money|funds|\$\d[\d,.]*|\d[\d,.]* ?(?:usd|eur|gbp)) (?:was |were |has been |have been )?(?:moved|transferred|paid|lost|sent)\b|\b(?:moved|transferred|lost) (?:the )?(?:money|funds)\b/,
  privacy:
    /\b(?:leaked|exposed|disclosed|revealed|shared|sent|showed|returned)\b.{0,60}\b(?:personal data|private|another (?:customer|user|guest|patient|employee|person)(?:'s|s)?|other (?:customers|users|people|guests|patients|employees)(?:'|s)?|password|credentials?|api key|system prompt|medical record|home address|phone number)/,
  authorization:
    /\b(?:without|before|lacking|bypass(?:ed|ing)|skipp(?:ed|ing)|ignor(?:ed|ing)) (?:(?:any|an|a|the|its|human|required|getting|asking for|waiting for|prior|proper) ){0,4}(?:approval|authori[sz]ation|permission|consent|sign-?off|approval gate)\b|\bunauthori[sz]ed\b/,
  side_effect:
    /\b(?:deleted|dropped|wiped|purged|overwrote|destroyed|cancelled|canceled|terminated|revoked|emailed|force[- ]pushed|deployed|reset)\b.{0,60}\b(?:database|table|volume|files?|records?|bookings?|reservations?|orders?|accounts?|subscriptions?|backups?|branch(?:es)?|mailbox(?:es)?|customers?|tickets?|production|flights?|access|laptops?|machines?|passwords?)\b/,
  safety:
    /\b(?:dangerous|harmful|unsafe|self-harm|overdose) (?:\w+ )?(?:advice|instructions?|dosages?|recommendations?|answer)\b|\b(?:recommended|advised|suggested)\b.{0,40}\b(?:dosage|overdose|self-harm|weapon)\b/,
};
const KINDS: readonly Harm[] = ["safety", "privacy", "money", "authorization", "side_effect"];

// Says that something did not happen, was only thought of, said, asked for or wished.
const DENIED =
  /\b(?:no|not|never|none|nothing|nobody|neither|nor|cannot|without|prevented|blocked|stopped|avoided|refused|declined|rejected|almost|nearly|would|could|might|may|should|must|if|whether|unless|claimed|claims|said|says|told|promised|stated|announced|asked|asks|wanted|wants|requested|tried|attempted|about to|instead of|rather than|expected)\b|n't\b/;

/** Finds the harms that a report states as having happened; quoted words, denials and what was only said do not count. */
export function statedHarms(texts: readonly (string | undefined)[]): readonly Harm[] {
  const clauses = texts.flatMap((text) => clausesOf(text ?? "")).slice(0, CLAUSES_MAX);
  return KINDS.filter((kind) => clauses.some((clause) => states(clause, STATED[kind])));
}

function states(clause: string, harm: RegExp): boolean {
  const found = harm.exec(clause);
  return (
    found !== null &&
    !DENIED.test(clause.slice(0, found.index)) &&
    !/^.{0,20}\b(?:by nobody|to nobody)\b/.test(clause.slice(found.index))
  );
}

function clausesOf(text: string): readonly string[] {
  return text
    .slice(0, TEXT_LENGTH_MAX)
    .replace(/^ {0,3}>.*$/gm, "")
    .replace(
      /```[^`]{0,20000}```|`[^`\n]{0,500}`|"[^"\n]{0,500}"|“[^”\n]{0,500}”|«[^»\n]{0,500}»|„[^“”\n]{0,500}[“”]|(?<!\w)'[^'\n]{0,500}'(?!\w)/g,
      " ",
    )
    .toLowerCase()
    .replace(/’/g, "'")
    .split(/[.;!?\n]+|, (?:but|so|then|and then)\b|\bbut\b/)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
}
