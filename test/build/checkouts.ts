import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A git checkout in a folder of its own. */
export interface TestCheckout {
  readonly folder: string;
  readonly git: (...args: string[]) => string;
  readonly write: (path: string, text: string) => void;
  readonly read: (path: string) => string;
  readonly has: (path: string) => boolean;
  readonly commit: (message?: string) => void;
  readonly remove: () => void;
}

/** Makes a checkout whose branch `main` has these files committed; without files it has no commit. */
export function makeCheckout(files: Readonly<Record<string, string>> = {}): TestCheckout {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "checkout-")));
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      encoding: "utf8",
    });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const commit = (message = "a commit"): void => {
    git("add", "--all");
    git("commit", "--quiet", "-m", message);
  };
  git("init", "--quiet", "--initial-branch=main");
  for (const [path, text] of Object.entries(files)) write(path, text);
  if (Object.keys(files).length > 0) commit();
  return {
    folder,
    git,
    write,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    has: (path) => existsSync(join(folder, path)),
    commit,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
