import { problemText } from "../problem.ts";
import type { BrokenFixture } from "../suite/suite.ts";
import { oneLine, stripInvisible } from "../text/markdown.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { failedAssertions } from "./failed-assertions.ts";
import { trajectoryDiff } from "./render-trajectory.ts";
import type { RunReport } from "./run-report.ts";
import { sideWords } from "./side-words.ts";
import { type Standing, standingOf, tellingTrial, VERDICT_WORDS } from "./standing.ts";

const MESSAGE_LENGTH_MAX = 500;
const ATTRIBUTE_LENGTH_MAX = 1_000;
const ASSERTIONS_SHOWN_MAX = 20;

/** One test case of the file, with what stands inside it. */
interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly path: string;
  readonly durationMs: number;
  readonly result:
    | { readonly tag: Tag; readonly type: string; readonly message: string; readonly details: string }
    | undefined;
}

type Tag = "failure" | "error" | "skipped";

/** What did not fail and was not seen to pass is skipped, so that it is neither red nor green. */
const TAGS: Readonly<Record<Standing, Tag | undefined>> = {
  failing: "failure",
  undecided: "error",
  listed: "skipped",
  passing: undefined,
};

/** Renders a run as JUnit XML: failed is a failure, undecided an error, not run skipped; one suite for each agent. */
export function renderJunit(run: RunReport): string {
  const cases = [
    ...run.verdicts.map(verdictCase),
    ...run.plan.broken.map(brokenCase),
    ...(run.missingShards ?? []).map(missingCase),
  ];
  const suites = [...Map.groupBy(cases, ({ suite }) => suite)];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="incident-to-eval" ${counts(cases)} time="${seconds(run.durationMs)}">`,
    ...suites.flatMap(([name, inside]) => [
      `  <testsuite ${attribute("name", name)} ${counts(inside)}>`,
      ...inside.map(renderCase),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function verdictCase(verdict: FixtureVerdict): TestCase {
  const { file, origin, candidate } = verdict;
  const version = origin === "base_version" || origin === "removed" ? " (as on the base)" : "";
  const durationMs = candidate.trials.reduce(
    (sum, trial) => sum + (trial.status === "errored" ? 0 : trial.trajectory.latencyMs),
    0,
  );
  const tag = verdict.verdict === "not_run" ? "skipped" : TAGS[standingOf(verdict)];
  return {
    suite: file.fixture.agent,
    name: file.fixture.id + version,
    path: file.path,
    durationMs,
    result:
      tag === undefined
        ? undefined
        : { tag, type: verdict.verdict, message: messageOf(verdict), details: detailsOf(verdict) },
  };
}

function brokenCase({ path, problems, brokenBy }: BrokenFixture): TestCase {
  return {
    suite: "unreadable fixtures",
    name: path,
    path,
    durationMs: 0,
    result: {
      tag: brokenBy === "head" ? "error" : "skipped",
      type: "unreadable",
      message: "the fixture cannot be read",
      details: problems.map(problemText).join("\n"),
    },
  };
}

function missingCase(shard: number): TestCase {
  const message = "the shard is missing: what it should have run is not known";
  const result = { tag: "error", type: "missing", message, details: message } as const;
  return { suite: "shards", name: `shard ${shard}`, path: "", durationMs: 0, result };
}

function messageOf({ verdict, because, candidate }: FixtureVerdict): string {
  const why = candidate.because === undefined ? "" : ` ${candidate.because}`;
  return `${VERDICT_WORDS[verdict]}: ${because}${why}`;
}

function detailsOf({ file, baseline, candidate }: FixtureVerdict): string {
  const trial = tellingTrial(candidate.trials);
  const failed = failedAssertions(candidate).slice(0, ASSERTIONS_SHOWN_MAX);
  return [
    `baseline: ${sideWords(baseline)}; candidate: ${sideWords(candidate)}`,
    ...failed.map(
      ({ at, expected, observed }) => `${at}: expected ${oneLine(expected)}; observed ${oneLine(observed)}`,
    ),
    ...(trial?.status === "failed" ? trajectoryDiff(file.fixture, trial) : []),
  ].join("\n");
}

function renderCase({ suite, name, path, durationMs, result }: TestCase): string {
  const open = `    <testcase ${attribute("classname", suite)} ${attribute("name", name)} ${attribute("file", path)} time="${seconds(durationMs)}"`;
  if (result === undefined) return `${open}/>`;
  const { tag, type, message, details } = result;
  const inner = `${attribute("type", type)} ${attribute("message", oneLine(message, MESSAGE_LENGTH_MAX))}`;
  // The schema of JUnit gives `skipped` a message and no type.
  const said =
    tag === "skipped"
      ? `<skipped ${attribute("message", oneLine(message, MESSAGE_LENGTH_MAX))}/>`
      : `<${tag} ${inner}>${escapeXml(details)}</${tag}>`;
  return `${open}>\n      ${said}\n    </testcase>`;
}

function counts(cases: readonly TestCase[]): string {
  const count = (tag: Tag): number => cases.filter(({ result }) => result?.tag === tag).length;
  return `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

function attribute(name: string, value: string): string {
  return `${name}="${escapeXml(oneLine(value, ATTRIBUTE_LENGTH_MAX))}"`;
}

function escapeXml(text: string): string {
  return stripInvisible(text)
    .replace(/[\ufffe\uffff]/g, "")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

function seconds(durationMs: number): string {
  return (durationMs / 1_000).toFixed(3);
}
