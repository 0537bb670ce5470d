import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Libraries that core may use: pure, without clock, network or files. */
const PURE_LIBRARIES = [
  "ajv",
  "libphonenumber-js",
  "mdast",
  "mdast-util-from-markdown",
  "re2js",
  "smol-toml",
  "validator",
  "yaml",
  "zod",
];

/** Which room may import which, as ARCHITECTURE.md draws it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ["core"],
  ports: ["core", "ports"],
  adapters: ["core", "ports", "adapters"],
  app: ["core", "ports", "app"],
  cli: ["core", "ports", "app", "adapters", "cli"],
};

/** Files of the app that construct adapters; every other one sees ports only. */
const WIRING = ["src/app/wiring.ts", "src/app/models.ts", "src/app/sandbox.ts"];

interface Source {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  /** The text without its comments. */
  readonly code: string;
  readonly imports: readonly string[];
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(\/\*\*?[\s\S]*?\*\/|\/\/.*)$/gm, "");
}

function sourcesUnder(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => {
      const path = relative(ROOT, join(entry.parentPath, entry.name));
      const text = readFileSync(join(ROOT, path), "utf8");
      const imports = [
        ...text.matchAll(
          /^(?:import\b[^"\n]*|export\b[^"\n]*\bfrom |\} from )"([^"]+)"|\bimport\("([^"]+)"\)/gm,
        ),
      ].map((match) => match[1] ?? match[2] ?? "");
      return { path, room: path.split("/")[1] ?? "", text, code: withoutComments(text), imports };
    });
}

const sources = sourcesUnder("src");

function roomOf(source: Source, specifier: string): string {
  return relative(join(ROOT, "src"), join(ROOT, dirname(source.path), specifier)).split("/")[0] ?? "";
}

function offenders(
  isWrong: (source: Source) => string | undefined,
  among: readonly Source[] = sources,
): string[] {
  return among.flatMap((source) => {
    const wrong = isWrong(source);
    return wrong === undefined ? [] : [`${source.path}: ${wrong}`];
  });
}

test("there is source to look at", () => {
  expect(sources.length).toBeGreaterThan(50);
});

test("imports go inward only: pass data or a function in, or move the code to where it belongs", () => {
  const wrong = offenders((source) => {
    const allowed =
      WIRING.includes(source.path) || source.path === "src/app/main.ts"
        ? [...(MAY_IMPORT[source.room] ?? []), "adapters"]
        : (MAY_IMPORT[source.room] ?? []);
    return source.imports
      .filter((specifier) => specifier.startsWith("."))
      .find((specifier) => !allowed.includes(roomOf(source, specifier)));
  });
  expect(wrong).toEqual([]);
});

test("core uses pure libraries only", () => {
  const wrong = offenders(
    (source) =>
      source.imports
        .filter((specifier) => !specifier.startsWith("."))
        .find(
          (specifier) =>
            !PURE_LIBRARIES.some((name) => specifier === name || specifier.startsWith(`${name}/`)),
        ),
    sources.filter((source) => source.room === "core"),
  );
  expect(wrong).toEqual([]);
});

test("core knows no clock, chance, network, process or console: they are handed in", () => {
  const impure =
    /\b(Date\.now|new Date\(\)|Math\.random|fetch\(|process\.|console\.|setTimeout|setInterval|performance\.now)/;
  const wrong = offenders(
    (source) => source.code.match(impure)?.[0],
    sources.filter((source) => source.room === "core"),
  );
  expect(wrong).toEqual([]);
});

test("ports hold no code beyond the names of values", () => {
  const wrong = offenders(
    (source) => source.text.match(/^export (async )?function .*/m)?.[0],
    sources.filter((source) => source.room === "ports"),
  );
  expect(wrong).toEqual([]);
});

test("every exported function and class has its sentence", () => {
  const wrong = offenders((source) => {
    const lines = source.text.split("\n");
    const bare = lines.findIndex(
      (line, index) =>
        /^export (async )?(function|class|abstract class) /.test(line) &&
        !/\*\/\s*$/.test(lines[index - 1] ?? ""),
    );
    return bare === -1 ? undefined : `line ${bare + 1}: ${lines[bare]}`;
  });
  expect(wrong).toEqual([]);
});

test("nothing is left for later in a comment: history and plans live elsewhere", () => {
  const wrong = offenders((source) => source.text.match(/\b(TODO|FIXME|XXX|HACK)\b.*/)?.[0]);
  expect(wrong).toEqual([]);
});

test("types are not let go of", () => {
  const wrong = offenders(
    (source) =>
      source.code.match(/\bas any\b|: any\b|as unknown as|@ts-(ignore|expect-error|nocheck).*/)?.[0],
  );
  expect(wrong).toEqual([]);
});

test("no test is skipped, focused or mocks a module", () => {
  const wrong = offenders(
    (source) =>
      source.path === "test/tidy.test.ts"
        ? undefined
        : source.text.match(/\.(skip|only|todo)\(|jest\.(mock|unstable_mockModule)\(/)?.[0],
    sourcesUnder("test"),
  );
  expect(wrong).toEqual([]);
});

test("a port has at most five methods, all of one role", () => {
  const wrong = offenders(
    (source) =>
      [...source.text.matchAll(/export interface (\w+) \{([\s\S]*?)\n\}/g)]
        .filter((match) => (match[2]?.match(/^ {2}\w+\(.*\): Promise/gm) ?? []).length > 5)
        .map((match) => match[1])[0],
    sources.filter((source) => source.room === "ports"),
  );
  expect(wrong).toEqual([]);
});
