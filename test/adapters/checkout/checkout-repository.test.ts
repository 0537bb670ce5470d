import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  createCheckoutRepository,
  findCheckout,
  WORKING_TREE,
} from "../../../src/adapters/checkout/checkout-repository.ts";

const folder = mkdtempSync(join(tmpdir(), "checkout-"));
const git = (...args: string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    encoding: "utf8",
  });

beforeAll(() => {
  git("init", "--quiet", "--initial-branch=main");
  writeFileSync(join(folder, "prompt.md"), "Ask first.\n");
  writeFileSync(join(folder, "same.md"), "Stays.\n");
  writeFileSync(join(folder, ".gitattributes"), "*.crlf text\n");
  writeFileSync(join(folder, "lines.crlf"), "one\ntwo\n");
  writeFileSync(join(folder, ".gitignore"), "secret.md\n");
  writeFileSync(join(folder, "gone.md"), "Goes.\n");
  symlinkSync("/etc/hostname", join(folder, "link.md"));
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
  writeFileSync(join(folder, "prompt.md"), "Do as you like.\n");
  writeFileSync(join(folder, "new file.md"), "New.\n");
  writeFileSync(join(folder, 'odd "name"\n.md'), "Odd.\n");
  writeFileSync(join(folder, '"quoted.md'), "Quoted.\n");
  writeFileSync(join(folder, "lines.crlf"), "one\r\ntwo\r\n");
  writeFileSync(join(folder, "secret.md"), "Secret.\n");
  rmSync(join(folder, "gone.md"));
  mkdirSync(join(folder, "inner", "deep"), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function textAt(commit: string, path: string): Promise<string | undefined> {
  const repository = createCheckoutRepository(folder);
  const entry = (await repository.fetchTree(commit)).entries.get(path);
  return entry === undefined ? undefined : (await repository.fetchTexts([entry])).get(entry.sha);
}

test("a commit is read as it was committed, the working tree as it lies on the disk", async () => {
  expect(await textAt("HEAD", "prompt.md")).toBe("Ask first.\n");
  expect(await textAt(WORKING_TREE, "prompt.md")).toBe("Do as you like.\n");
  expect(await textAt(WORKING_TREE, "new file.md")).toBe("New.\n");
  expect(await textAt("HEAD", "new file.md")).toBeUndefined();
});

test("files of the working tree have the ids that a commit of them would have", async () => {
  const repository = createCheckoutRepository(folder);
  const committed = (await repository.fetchTree("HEAD")).entries;
  const here = (await repository.fetchTree(WORKING_TREE)).entries;
  const same = (path: string) => here.get(path)?.sha === committed.get(path)?.sha;
  expect(["same.md", "lines.crlf", "link.md"].filter(same)).toEqual(["same.md", "lines.crlf", "link.md"]);
  expect(here.get("prompt.md")?.sha).toBe(git("hash-object", "prompt.md").trim());
  expect([...here.keys()].sort()).toEqual(
    [...committed.keys(), "new file.md", 'odd "name"\n.md', '"quoted.md']
      .filter((path) => path !== "gone.md")
      .sort(),
  );
});

test("odd names are read all the same", async () => {
  expect(await textAt(WORKING_TREE, 'odd "name"\n.md')).toBe("Odd.\n");
  expect(await textAt(WORKING_TREE, '"quoted.md')).toBe("Quoted.\n");
});

test("many files of a commit are read at once, and what the checkout does not hold is left out", async () => {
  const repository = createCheckoutRepository(folder);
  const entries = [...(await repository.fetchTree("HEAD")).entries.values()];
  const nowhere = { path: "nowhere", sha: "0".repeat(40), mode: "100644", size: 1 };
  const texts = await repository.fetchTexts([nowhere, ...entries]);
  expect(entries.map(({ sha }) => texts.has(sha))).not.toContain(false);
  expect(texts.has(nowhere.sha)).toBe(false);
});

test("a checkout is found from any folder inside it, and nowhere else", async () => {
  expect(await findCheckout(join(folder, "inner", "deep"))).toBe(realpathSync(folder));
  expect(await findCheckout(tmpdir())).toBeUndefined();
});

test("commits without a common ancestor are told with the way to bring the history", async () => {
  git("checkout", "--quiet", "--orphan", "island");
  git("commit", "--quiet", "-m", "island");
  await expect(createCheckoutRepository(folder).fetchMergeBase("main", WORKING_TREE)).rejects.toThrow(
    /--unshallow/,
  );
});

test("a link is told by its mode on both sides, so that nobody follows it", async () => {
  const repository = createCheckoutRepository(folder);
  for (const commit of ["HEAD", WORKING_TREE]) {
    expect((await repository.fetchTree(commit)).entries.get("link.md")?.mode).toBe("120000");
  }
});

test("a branch that is not there is undefined, and a commit that is not there is a failure of git", async () => {
  const repository = createCheckoutRepository(folder);
  expect(await repository.fetchTip("nowhere")).toBeUndefined();
  await expect(repository.fetchTree("0123456")).rejects.toMatchObject({ system: "git", retryable: false });
});

test("a name that looks like an option is not taken for one", async () => {
  await expect(createCheckoutRepository(folder).fetchTree("--help")).rejects.toMatchObject({ system: "git" });
});
