/** Something that the App asks of GitHub, and what does not work without it. */
export interface Needed {
  readonly name: string;
  readonly without: string;
  /** False where only a part of the app rests on it. */
  readonly essential: boolean;
}

/** A permission with the level that is needed. */
export interface NeededPermission extends Needed {
  readonly level: "read" | "write";
}

/** The permissions of `app.yml`. */
export const NEEDED_PERMISSIONS: readonly NeededPermission[] = [
  { name: "metadata", level: "read", essential: true, without: "nothing can be read" },
  { name: "checks", level: "write", essential: true, without: "no check is posted, so nothing is gated" },
  {
    name: "contents",
    level: "write",
    essential: true,
    without: "agents cannot be read, or drafts not proposed",
  },
  {
    name: "issues",
    level: "write",
    essential: true,
    without: "incidents and commands are not heard or answered",
  },
  {
    name: "pull_requests",
    level: "write",
    essential: true,
    without: "pull requests are not read, or drafts not proposed",
  },
  {
    name: "members",
    level: "read",
    essential: false,
    without: "teams cannot override or approve, only people and roles",
  },
  {
    name: "merge_queues",
    level: "read",
    essential: false,
    without: "a merge queue that needs our check waits for ever",
  },
  { name: "deployments", level: "write", essential: false, without: "releases are not held" },
  { name: "actions", level: "read", essential: false, without: "releases are not held" },
];

/** The events of `app.yml`. */
export const NEEDED_EVENTS: readonly Needed[] = [
  { name: "issues", essential: true, without: "incidents are found by the hourly sweep only" },
  { name: "issue_comment", essential: true, without: "commands are not heard" },
  { name: "pull_request", essential: true, without: "pull requests are found by the hourly sweep only" },
  { name: "pull_request_review", essential: true, without: "approvals of what is weakened are not heard" },
  { name: "check_run", essential: false, without: "buttons on checks may do nothing" },
  { name: "check_suite", essential: false, without: "re-running all checks may do nothing" },
  { name: "merge_group", essential: false, without: "a merge queue that needs our check waits for ever" },
  { name: "deployment_protection_rule", essential: false, without: "releases are not held" },
  { name: "push", essential: false, without: "the default branch has no known baseline, which costs trials" },
  { name: "repository", essential: false, without: "a rename is noticed late" },
];

/** Permissions that the app must not have: with them a stolen key could rewrite the gate itself. */
export const UNWANTED_PERMISSIONS: readonly string[] = ["administration", "secrets", "workflows"];
