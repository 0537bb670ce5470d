import { CHECK_NAMES } from "../../core/report/check-run.ts";
import { oneLine } from "../../core/text/markdown.ts";
import type { GithubEmulator } from "./github-emulator.ts";
import { checkLine } from "./narrator.ts";
import { answerOn, completedCheck } from "./observe.ts";
import { type Person, personOf } from "./people.ts";

const LOOK_MS = 1_000;

/** Something on the emulated GitHub that the app has not answered yet. */
type Awaited =
  | { readonly kind: "issue"; readonly number: number }
  | { readonly kind: "check"; readonly number: number; readonly name: string };

/** Tells what people file from now on and what the app answers, until it is stopped. */
export async function watchNews(
  emulator: GithubEmulator,
  setting: { readonly pages: string; readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const person = personOf(emulator, emulator.ownerLogin);
  let newest = await newestNumber(emulator, person);
  let awaited: readonly Awaited[] = [];
  while (!setting.signal.aborted) {
    const next = await lookAt(emulator, person, newest + 1);
    if (next !== undefined) {
      newest += 1;
      setting.say(`\n   #${newest} ${next.title}\n   ${setting.pages}/${next.path}/${newest}`);
      awaited = [...awaited, ...next.awaited];
      continue;
    }
    awaited = await sayAnswers(emulator, person, awaited, setting);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function newestNumber(emulator: GithubEmulator, person: Person): Promise<number> {
  let number = 0;
  while ((await lookAt(emulator, person, number + 1)) !== undefined) number += 1;
  return number;
}

async function lookAt({ repository }: GithubEmulator, { octokit }: Person, number: number) {
  const at = { owner: repository.owner, repo: repository.name };
  const issue = await found(octokit.rest.issues.get({ ...at, issue_number: number }));
  if (issue !== undefined && issue.pull_request === undefined) {
    return { title: oneLine(issue.title), path: "issues", awaited: [{ kind: "issue", number } as const] };
  }
  const pull = await found(octokit.rest.pulls.get({ ...at, pull_number: number }));
  if (pull === undefined) return undefined;
  const checks = Object.values(CHECK_NAMES).map((name) => ({ kind: "check", number, name }) as const);
  return { title: oneLine(pull.title), path: "pull", awaited: checks };
}

/** Says what has its answer now, and gives back what still waits. */
async function sayAnswers(
  emulator: GithubEmulator,
  person: Person,
  awaited: readonly Awaited[],
  { pages, say }: { readonly pages: string; readonly say: (line: string) => void },
): Promise<readonly Awaited[]> {
  const waiting: Awaited[] = [];
  for (const one of awaited) {
    const line = await answerLine(emulator, person, one);
    if (line === undefined) waiting.push(one);
    // The app links to GitHub; people look at its pages here.
    else say(line.replaceAll(emulator.url, pages));
  }
  return waiting;
}

async function answerLine(
  emulator: GithubEmulator,
  person: Person,
  one: Awaited,
): Promise<string | undefined> {
  if (one.kind === "issue") {
    const answer = await answerOn(emulator, person, one.number);
    // The first line of the comment is its hidden marker.
    return answer === undefined
      ? undefined
      : `   #${one.number} answered: ${answer.body?.split("\n")[1] ?? ""}`;
  }
  const check = await completedCheck(emulator, person, one.number, one.name);
  return check === undefined ? undefined : checkLine({ name: `#${one.number} ${one.name}`, ...check });
}

async function found<T>(call: Promise<{ readonly data: T }>): Promise<T | undefined> {
  try {
    return (await call).data;
  } catch (cause) {
    if (cause instanceof Error && "status" in cause && cause.status === 404) return undefined;
    throw cause;
  }
}
