import { assertNever } from "../../core/problem.ts";
import type { StoryEvent } from "./tell-story.ts";

/** Where the parts of the sandbox listen. */
export interface SandboxAddresses {
  readonly app: string;
  /** Pages of the emulated GitHub for people. */
  readonly pages: string;
  readonly api: string;
  readonly model: string;
}

const MARKS: Readonly<Record<string, string>> = {
  success: "✓",
  failure: "✗",
  neutral: "○",
  action_required: "!",
};

/** Says what the sandbox is and where its parts listen. */
export function narrateStart({ app, pages, api, model }: SandboxAddresses): string {
  return `
incident-to-eval sandbox: the real app, an emulated GitHub and a scripted model, all on this machine.

  GitHub, to look at   ${pages}
  GitHub, its API      ${api}
  the app              ${app}
  the model            ${model}
`;
}

/** Tells one thing that happened, in a line or two with an address to open. */
export function narrateEvent(event: StoryEvent, pages: string): string {
  switch (event.kind) {
    case "incident_filed":
      return `\n1. An agent failed in production. @${event.by} files the incident.\n   #${event.issue} ${event.title}\n   ${pages}/issues/${event.issue}`;
    case "fixture_proposed":
      return `\n2. The app drafts the eval that would have caught it, and runs it on today's agent: ${event.reproduction || "see the pull request"}.\n   #${event.pullRequest} ${event.title}\n   ${pages}/pull/${event.pullRequest}`;
    case "answered":
      return `   It says so on the incident: ${pages}/issues/${event.issue}`;
    case "pull_request_opened":
      return `\n${event.step}. @${event.by} opens a pull request that changes the agent.\n   #${event.pullRequest} ${event.title}\n   ${pages}/pull/${event.pullRequest}`;
    case "checked":
      return checkLine(event);
    case "merged":
      return `   merged by @${event.by}`;
    case "refused":
      return `   GitHub refuses the merge: ${event.because.split(" - http")[0]}`;
    default:
      return assertNever(event);
  }
}

/** Says what a check came to, in a line. */
export function checkLine(check: {
  readonly conclusion: string;
  readonly name: string;
  readonly title: string;
}): string {
  return `   ${MARKS[check.conclusion] ?? "·"} ${check.name}: ${check.title}`;
}

/** Says how long the story took and what a person can try now. */
export function narrateEnd(end: {
  readonly seconds: number;
  readonly issuesUrl: string;
  readonly token: string;
  /** A file with the JSON of another incident, for people to change as they like. */
  readonly file: string;
}): string {
  return `
That was the loop, in ${end.seconds.toFixed(0)} s. It stays up; Ctrl-C ends it.
File another incident and watch it (change the file as you like):

  curl -s ${end.issuesUrl} -H "authorization: Bearer ${end.token}" --data @${end.file}
`;
}
