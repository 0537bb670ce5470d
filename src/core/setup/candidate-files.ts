import { isRegular } from "../suite/readable.ts";
import type { Tree } from "../suite/snapshot.ts";

const PROMPTS_MAX = 60;
const DATA_FILES_MAX = 40;
const SOURCES_MAX = 40;
const BYTES_MAX = 200_000;

/** Paths that a glob takes as they stand. */
const PLAIN = /^[A-Za-z0-9._/-]{1,200}$/;
/** What is there for others: editors, tests, packages, what we keep ourselves. */
const ASIDE =
  /(^|\/)(\.[^/]+|node_modules|vendor|third_party|dist|build|tests?|__tests__|spec|docs?|examples?|evals?|fixtures|site-packages)\//i;
const NO_PROMPT = /(^|\/)(readme|changelog|license|contributing|agents|claude)[^/]*$/i;
const WORDING = "(?:md|mdx|txt|j2|jinja|jinja2|prompt)";
const IN_PROMPT_FOLDER = new RegExp(`(^|/)(?:system[-_])?prompts?/.+\\.${WORDING}$`, "i");
const CALLED_PROMPT = new RegExp(
  `(^|/)(?:system|[^/]*(?:system[-_.]?prompt|[-_.]prompt|^prompt)[^/]*)\\.${WORDING}$`,
  "i",
);
const POLICY = /(^|\/)polic(?:y|ies)\/.+\.(?:md|txt)$/i;
const MEMORY = /(^|\/)memor(?:y|ies)\/[^/]+\.md$/i;
const DOCUMENT = /^((?:.*\/)?(?:kb|knowledge|knowledge[-_]base|corpus))\/.+\.(?:md|txt)$/i;
const DATA = /(^|\/)[^/]*(?:tool|function|model|agent|llm|config|settings)[^/]*\.(?:json|ya?ml|toml)$/i;
const SOURCE = /\.(?:py|ts|tsx|js|mjs|rb|go|java|kt|cs|php|rs)$/i;
const OWNERS = /^(?:\.github\/|docs\/)?CODEOWNERS$/;

/** Files of a repository that may belong to an agent, by what their paths say. */
export interface CandidateFiles {
  readonly prompts: readonly string[];
  readonly policies: readonly string[];
  readonly memory: readonly string[];
  /** Folders of documents. */
  readonly documents: readonly string[];
  /** Files of data that may hold tools or a model. */
  readonly data: readonly string[];
  /** Sources that may name a model. */
  readonly sources: readonly string[];
  readonly codeOwners: string | undefined;
}

/** Finds the files that look as if they belonged to an agent; nothing where there is no prompt. */
export function findCandidates(tree: Tree): CandidateFiles | undefined {
  const all = [...tree.entries.values()].filter((entry) => isRegular(entry) && entry.size <= BYTES_MAX);
  const paths = all.map(({ path }) => path).sort();
  const plain = paths.filter((path) => PLAIN.test(path) && !ASIDE.test(path));
  const isPrompt = (path: string): boolean =>
    (IN_PROMPT_FOLDER.test(path) || CALLED_PROMPT.test(path)) && !NO_PROMPT.test(path) && !POLICY.test(path);
  const prompts = plain.filter(isPrompt).slice(0, PROMPTS_MAX);
  if (prompts.length === 0) return undefined;
  return {
    prompts,
    policies: plain.filter((path) => POLICY.test(path)).slice(0, PROMPTS_MAX),
    memory: plain.filter((path) => MEMORY.test(path)).slice(0, PROMPTS_MAX),
    documents: [...new Set(plain.flatMap((path) => DOCUMENT.exec(path)?.[1] ?? []))],
    data: shallowFirst(plain.filter((path) => DATA.test(path) && !isPackaging(path))).slice(
      0,
      DATA_FILES_MAX,
    ),
    sources: shallowFirst(plain.filter((path) => SOURCE.test(path))).slice(0, SOURCES_MAX),
    codeOwners: paths.find((path) => OWNERS.test(path)),
  };
}

/** Lists the candidates whose content has to be read before anything can be guessed. */
export function candidatePaths({ prompts, data, sources, codeOwners }: CandidateFiles): readonly string[] {
  return [...prompts, ...data, ...sources, ...(codeOwners === undefined ? [] : [codeOwners])];
}

function isPackaging(path: string): boolean {
  return /(^|\/)(package(-lock)?|tsconfig[^/]*|composer|jsconfig|pyproject)\.(json|toml)$/.test(path);
}

function shallowFirst(paths: readonly string[]): readonly string[] {
  const depth = (path: string): number => path.split("/").length;
  return paths.toSorted((one, other) => depth(one) - depth(other));
}
