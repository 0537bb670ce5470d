import { type GatesFrom, gatesOf } from "../fixture/gate-table.ts";
import { assertNever } from "../problem.ts";
import type { SuitePlan } from "../suite/suite.ts";
import { inlineCode, inlineText, oneLine } from "../text/markdown.ts";
import { listing, plural } from "./amounts.ts";
import { affectedBy, protectedBy, renderQuestions } from "./change-questions.ts";
import { explainFixture, type FixtureExplanation } from "./explain-fixture.ts";
import { explainObstacle } from "./explain-obstacle.ts";
import { fitSections } from "./fit-sections.ts";
import type { GateObstacle } from "./gate-report.ts";
import { coloursOf } from "./terminal-colours.ts";

const COMMENT_BYTES_MAX = 60_000;
const REASONS_SHOWN_MAX = 20;
const IDS_SHOWN_MAX = 20;
const PATHS_SHOWN_MAX = 3;
const CHANGES_SHOWN_MAX = 40;

/** What somebody wants explained of a pull request, or of a working tree as one. */
export interface Explained {
  readonly plan: SuitePlan;
  /** What stands in the way of running anything. */
  readonly obstacle?: GateObstacle | undefined;
  /** The commit or the place that is explained, such as `1a2b3c4`. */
  readonly head: string;
  /** What it is compared with; undefined where it is not. */
  readonly base: string | undefined;
}

/** Explains in a comment what changed, what it can affect, which fixtures protect it, and which do not run and why. */
export function renderExplanation({ plan, obstacle, head, base }: Explained): string {
  const against = base === undefined ? "" : ` against ${inlineCode(base)}`;
  return fitSections(
    {
      first: [
        `**What ${inlineCode(head)} changes${against}, and what protects it.** Nothing was run for this answer.`,
        renderQuestions(plan),
        obstacle === undefined
          ? undefined
          : `**The fixtures cannot run:** ${explainObstacle(obstacle).title}`,
      ],
      middle: [
        ...reasons(`${plural(plan.selected.length, "fixture")} to run`, plan.selected, markdown),
        ...reasons(`${plural(plan.leftOut.length, "fixture")} left out`, plan.leftOut, markdown),
        ...unreadable(plan, markdown),
      ],
      last: ["`/incident-to-eval explain <fixture>` says more of one of them."],
    },
    { bytesMax: COMMENT_BYTES_MAX },
  );
}

/** Explains in a comment whether one fixture runs, and why or why not. */
export function renderFixtureExplanation({ plan, head }: Explained, id: string): string {
  const [title = "", ...rest] = fixtureLines(explainFixture(plan, id), id, markdown);
  return [`**${title}** (${inlineCode(head)})`, rest.map((line) => `- ${line}`).join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Explains for a terminal what changed, what it can affect, which fixtures protect it, and which do not run and why. */
export function renderExplanationText({ plan, obstacle, base }: Explained, colours: boolean): string {
  const { bold, dim } = coloursOf(colours);
  const left = reasons(`${plural(plan.leftOut.length, "fixture")} left out`, plan.leftOut, plain);
  const blocks = [
    ...(base === undefined
      ? []
      : [[bold(`What changed since ${oneLine(base)}`), ...changeLines(plan)].join("\n")]),
    ...(obstacle === undefined ? [] : [`The fixtures cannot run: ${explainObstacle(obstacle).title}`]),
    ...reasons(bold(`${plural(plan.selected.length, "fixture")} to run`), plan.selected, plain),
    ...left.map(dim),
    ...unreadable(plan, plain),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** Explains for a terminal whether one fixture runs, and why or why not. */
export function renderFixtureExplanationText({ plan }: Explained, id: string, colours: boolean): string {
  const [title = "", ...rest] = fixtureLines(explainFixture(plan, id), id, plain);
  return `${[coloursOf(colours).bold(title), ...rest.map((line) => `  ${line}`)].join("\n")}\n`;
}

/** How words and names are written, in a comment or on a terminal. */
interface Writing {
  readonly heading: (text: string) => string;
  readonly name: (text: string) => string;
  readonly text: (text: string) => string;
  readonly item: (text: string) => string;
}

const markdown: Writing = {
  heading: (text) => `### ${text}`,
  name: (text) => inlineCode(text),
  text: (text) => inlineText(text),
  item: (text) => `- ${text}`,
};
const plain: Writing = {
  heading: (text) => text,
  name: (text) => oneLine(text),
  text: (text) => oneLine(text),
  item: (text) => `  ${text}`,
};

function reasons(title: string, fixtures: SuitePlan["leftOut"], writing: Writing): readonly string[] {
  if (fixtures.length === 0) return [];
  const groups = [...Map.groupBy(fixtures, ({ because }) => because)];
  const lines = groups.slice(0, REASONS_SHOWN_MAX).map(([because, group]) => {
    const ids = group.map(({ file }) => writing.name(file.fixture.id));
    return writing.item(`${writing.text(because)}: ${listing([...new Set(ids)], IDS_SHOWN_MAX)}`);
  });
  const rest = groups.length - lines.length;
  return [
    [
      writing.heading(title),
      ...lines,
      ...(rest > 0 ? [writing.item(`… and ${plural(rest, "more reason")}`)] : []),
    ].join("\n"),
  ];
}

function unreadable({ broken }: SuitePlan, writing: Writing): readonly string[] {
  if (broken.length === 0) return [];
  const paths = broken.slice(0, IDS_SHOWN_MAX).map(({ path }) => writing.item(writing.name(path)));
  const rest = broken.length - paths.length;
  const title = writing.heading(`${plural(broken.length, "file")} that cannot be read`);
  return [[title, ...paths, ...(rest > 0 ? [writing.item(`… and ${rest} more`)] : [])].join("\n")];
}

function changeLines(plan: SuitePlan): readonly string[] {
  const everything =
    plan.everythingBecause === undefined ? [] : [`  every fixture runs: ${oneLine(plan.everythingBecause)}`];
  if (plan.changes.length === 0)
    return everything.length > 0 ? everything : ["  nothing that an agent is made of"];
  const groups = [...Map.groupBy(plan.changes, ({ agent, type }) => `${type} ${agent}`).values()];
  const lines = groups.slice(0, CHANGES_SHOWN_MAX).flatMap((changes) => {
    const [first] = changes;
    if (first === undefined) return [];
    const places = changes.map(({ path, key }) => oneLine(key === undefined ? path : `${path} (${key})`));
    const ids = protectedBy(first, plan).map((id) => oneLine(id));
    return [
      `  ${first.type} of ${oneLine(first.agent)}: ${listing(places, PATHS_SHOWN_MAX)}`,
      `    can affect ${affectedBy(first.type)}`,
      `    is protected by ${ids.length === 0 ? "nothing" : listing(ids, IDS_SHOWN_MAX)}`,
    ];
  });
  const rest = groups.length - CHANGES_SHOWN_MAX;
  return [...lines, ...(rest > 0 ? [`  … and ${plural(rest, "more kind")} of change`] : []), ...everything];
}

function fixtureLines(explained: FixtureExplanation, id: string, writing: Writing): readonly string[] {
  switch (explained.kind) {
    case "runs":
      return [
        `${writing.name(id)} runs`,
        ...explained.reasons.map((because) => `because ${writing.text(because)}`),
        ...explained.against.map((change) => `protects against ${writing.text(change)}`),
        ...factLines(explained, writing),
      ];
    case "left_out":
      return [
        `${writing.name(id)} does not run`,
        ...explained.reasons.map((because) => `because ${writing.text(because)}`),
        ...factLines(explained, writing),
      ];
    case "unreadable":
      return [
        `${writing.name(explained.path)} cannot be read, so it does not run`,
        ...explained.problems.map((problem) => writing.text(problem)),
      ];
    case "unknown": {
      const hint =
        explained.nearest === undefined ? "" : `; did you mean ${writing.name(explained.nearest)}?`;
      return [`There is no fixture ${writing.name(id)}${hint}`];
    }
    default:
      return assertNever(explained);
  }
}

const GATES_WORDS: Readonly<Record<GatesFrom, string>> = {
  named: "it names those changes itself (`gates`); the model and the topology always count",
  table: "those changes follow from its layers, tags and expectations by the gate table",
  everything:
    "it counts against every change, as it has neither `gates` nor `layers` nor a tag that narrows it",
};

function factLines(
  { file }: Extract<FixtureExplanation, { kind: "runs" | "left_out" }>,
  writing: Writing,
): readonly string[] {
  const { level, agent, owner, reason, review_by, expires_at } = file.fixture;
  const { types, from } = gatesOf(file.fixture);
  return [
    `${level}, for the agent ${writing.name(agent)}, against changes of ${types.join(", ")}, in ${writing.name(file.path)}`,
    GATES_WORDS[from],
    ...(reason === undefined ? [] : [`kept because: ${writing.text(reason)}`]),
    ...(owner === undefined ? [] : [`kept by ${writing.name(owner)}`]),
    ...(review_by === undefined ? [] : [`to be reviewed by ${review_by}`]),
    ...(expires_at === undefined ? [] : [`expires on ${expires_at}`]),
  ];
}
