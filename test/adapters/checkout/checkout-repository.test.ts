import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  createCheckoutRepository,
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
  symlinkSync("/etc/hostname", join(folder, "link.md"));
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
  writeFileSync(join(folder, "prompt.md"), "Do as you like.\n");
  writeFileSync(join(folder, "new file.md"), "New.\n");
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
