import { setImmediate as letOthersRun } from "node:timers/promises";
import { findEmails } from "./emails.ts";
import { findEncoded } from "./encoded-values.ts";
import { type FoundValue, type Stretch, weight } from "./found-value.ts";
import { findOwnSecrets } from "./own-secrets.ts";
import { findPersonalData } from "./personal-data.ts";
import { findRuleSecrets } from "./rule-secrets.ts";
import { placeInSource, readJoined, readPlainly, readUnescaped, type TextView } from "./text-view.ts";

const SHORTEST_VALUE = 4;
/** Base64 in Base64 in Base64; what is packed deeper was packed to be hidden, and still is. */
const DEPTH_MAX = 3;

/** A text with the ways in which it may be read, and the texts that it holds in another encoding. */
interface Source {
  readonly views: readonly TextView[];
  /** Where something was broken over lines, the text without those breaks. */
  readonly joined: TextView | undefined;
  readonly encoded: readonly (Stretch & { readonly inner: string; readonly source: Source })[];
}

/** Finds secrets and personal data in each text, also where they are escaped, encoded or broken over lines. */
export async function findValues(texts: readonly string[]): Promise<readonly (readonly FoundValue[])[]> {
  const sources = texts.map((text) => readSource(text, 0));
  const views = sources.flatMap(viewsOf);
  const byRules = await findRuleSecrets(views.map(({ text }) => text));
  const rules = new Map(views.map((view, index) => [view, byRules[index] ?? []]));
  const found: (readonly FoundValue[])[] = [];
  for (const source of sources) {
    found.push(findIn(source, rules));
    await letOthersRun();
  }
  return found;
}

function readSource(text: string, depth: number): Source {
  if (text.length < SHORTEST_VALUE) return { views: [], joined: undefined, encoded: [] };
  const plain = readPlainly(text);
  const unescaped = readUnescaped(plain);
  const joined = readJoined(unescaped);
  const views = unescaped === plain ? [plain] : [plain, unescaped];
  const all = joined === unescaped ? views : [...views, joined];
  const encoded =
    depth === DEPTH_MAX
      ? []
      : all.flatMap((view) =>
          findEncoded(view.text).map((one) => ({
            ...placeInSource(view, one),
            inner: one.inner,
            source: readSource(one.inner, depth + 1),
          })),
        );
  return { views, joined: joined === unescaped ? undefined : joined, encoded };
}

function viewsOf(source: Source): readonly TextView[] {
  const own = source.joined === undefined ? source.views : [...source.views, source.joined];
  return [...own, ...source.encoded.flatMap((one) => viewsOf(one.source))];
}

function findIn(source: Source, rules: ReadonlyMap<TextView, readonly FoundValue[]>): readonly FoundValue[] {
  const seen = source.views.flatMap((view) =>
    placed(view, [...(rules.get(view) ?? []), ...findOwnSecrets(view.text), ...findPersonalData(view.text)]),
  );
  const { joined } = source;
  const overLines =
    joined === undefined
      ? []
      : placed(joined, [
          ...(rules.get(joined) ?? []),
          ...findOwnSecrets(joined.text),
          ...findEmails(joined.text),
        ]);
  const encoded = source.encoded.flatMap((one) => {
    const [heaviest] = [...findIn(one.source, rules)].sort((a, b) => weight(b) - weight(a));
    if (heaviest === undefined) return [];
    // Where the whole is one value, it is the same value as it would be in plain letters.
    const isWhole = heaviest.end - heaviest.start === one.inner.trim().length;
    return [{ kind: heaviest.kind, start: one.start, end: one.end, key: isWhole ? heaviest.key : one.inner }];
  });
  return [...seen, ...overLines, ...encoded];
}

function placed(view: TextView, found: readonly FoundValue[]): readonly FoundValue[] {
  return found.map((value) => ({ ...value, ...placeInSource(view, value) }));
}
