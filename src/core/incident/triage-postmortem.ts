import type { Postmortem } from "./postmortem.ts";
import { harmfulCalls } from "./side-effects.ts";
import { statedHarms } from "./stated-harm.ts";
import type { FailureType, Level } from "./taxonomy.ts";
import type { ReadExpectation, Triage } from "./triage.ts";

/** Types of failure that an outage or a corrupt record can cause without any fault of the agent. */
const FAULT_TYPES: ReadonlySet<FailureType> = new Set([
  "incomplete_task",
  "latency",
  "cost",
  "degradation_failure",
  "format_error",
  "retrieval_miss",
]);
const FAULT_TAGS: ReadonlySet<string> = new Set(["infra-regression", "data-issue"]);
const FAULT =
  /\b(?:(?:provider|network|infrastructure|database|api|service|gateway|dns|cloud|upstream|vendor)\b.{0,20}\b(?:outage|incident|failure|timeouts?|error|down|unavailable)|outage|(?:corrupt(?:ed)?|malformed|bad|broken|wrong) (?:\w+ )?(?:input|record|row|data|file|import|upload)|transient|hardware failure|disk full|expired certificate)\b/i;
const ONE_OFF =
  /\b(?:one[- ]?off|once only|only once|single (?:event|record|occurrence)|transient|temporary|isolated)\b/i;
const NO = /^\W*(?:no\b|not\b|never\b|unlikely\b|one[- ]?off|nein\b|non\b|não\b|нет|いいえ)/i;
const YES =
  /^\W*(?:yes\b|likely\b|certainly\b|always\b|often\b|it (?:can|could|will|did)\b|probably\b|ja\b|oui\b|sí\b|si\b|sim\b|да|はい)/i;

const NOTHING_READ: ReadExpectation = { failureType: undefined, forbiddenTools: [] };

/**
 * Decides by the table of signals what an incident deserves; structured answers decide before prose, and words alone never
 * do. What was read from the expected behaviour counts after what the report names.
 */
export function triagePostmortem(postmortem: Postmortem, read: ReadExpectation = NOTHING_READ): Triage {
  const harm = harmOf(postmortem, read);
  const row = ROWS.map((decide) => decide(postmortem, harm)).find((triage) => triage !== undefined);
  if (row === undefined && read.failureType !== undefined) {
    return fixture(
      "warning",
      "recurring_or_visible",
      "What was expected can be checked, and nothing says that it does harm to safety, privacy, money or authority.",
    );
  }
  return (
    row ??
    fixture(
      "exploratory",
      "under_investigation",
      "Nothing says that it recurs, costs or reaches users: the fixture is watched and stops nothing.",
    )
  );
}

type Row = (postmortem: Postmortem, harm: Evidence | undefined) => Triage | undefined;

/** The rows in the order in which they decide. */
const ROWS: readonly Row[] = [
  overriddenDenial,
  nearMiss,
  seriousHarm,
  oneOffFault,
  humanCorrection,
  recoveredToolError,
  userConfusion,
  outlier,
  recurringOrVisible,
];

interface Evidence {
  readonly row: string;
  readonly because: string;
}

/** The strongest evidence of harm: types of failure, calls with a side effect, severity, and last what the report states. */
function harmOf(postmortem: Postmortem, read: ReadExpectation): Evidence | undefined {
  const types = new Set(postmortem.failureTypes);
  if (types.has("safety_violation")) {
    const isPrivacy = postmortem.failureTags.some(
      (tag) => tag === "data-leak" || tag === "system-prompt-leak",
    );
    return isPrivacy
      ? { row: "privacy", because: "The report names a privacy failure." }
      : { row: "safety", because: "The report names a safety violation." };
  }
  if (types.has("skipped_approval"))
    return { row: "authorization", because: "The report names a skipped approval." };
  if (read.failureType === "skipped_approval")
    return { row: "authorization", because: "The report expects an approval that was not waited for." };
  const [call] = harmfulCalls(postmortem, read.forbiddenTools);
  if (call !== undefined) {
    const row =
      call.effect === "money" ? "money" : call.effect === "access" ? "authorization" : "side_effect";
    return {
      row,
      because: `The agent called \`${call.tool}\`, which changes the world and was not to be called.`,
    };
  }
  if (postmortem.severity === "S1") return { row: "severity", because: "The incident has severity S1." };
  const { observed, fields, rest } = postmortem;
  const [stated] = statedHarms([observed, fields.what_happened?.text, fields.affected_users?.text, rest]);
  return stated === undefined
    ? undefined
    : { row: stated, because: `The report states harm (${stated.replace("_", " ")}) as having happened.` };
}

function seriousHarm(_: Postmortem, harm: Evidence | undefined): Triage | undefined {
  return harm === undefined
    ? undefined
    : fixture(
        "blocking",
        harm.row,
        `${harm.because} Safety, privacy, money, authorization and side effects block.`,
      );
}

function overriddenDenial({ signal, severity }: Postmortem, harm: Evidence | undefined): Triage | undefined {
  if (signal !== "overridden_denial") return undefined;
  const level: Level = harm !== undefined || severity === "S2" ? "blocking" : "warning";
  const because = `A person overrode a denial, so the boundary needs a pair of fixtures: one that is allowed, one that is denied.${harm === undefined ? "" : ` ${harm.because}`}`;
  return { kind: "fixture", level, row: "overridden_denial", because, pair: true };
}

function nearMiss({ signal }: Postmortem): Triage | undefined {
  if (signal !== "near_miss") return undefined;
  return fixture(
    "blocking",
    "near_miss",
    "An approval caught it: the fixture proves that the agent still pauses before the side effect.",
  );
}

function oneOffFault(postmortem: Postmortem): Triage | undefined {
  const { failureTypes, failureTags, rootCauses, fields, observed } = postmortem;
  const recurrence = fields.recurrence?.text ?? "";
  const causes = [fields.root_causes?.text, fields.why_happened?.text, fields.failure_types?.text].join("\n");
  const told = [causes, fields.what_happened?.text, observed].join("\n");
  const isFault =
    failureTags.some((tag) => FAULT_TAGS.has(tag)) ||
    FAULT.test(withoutDenials(causes)) ||
    (rootCauses.length === 0 && FAULT.test(withoutDenials(told)));
  const isOneOff = NO.test(recurrence) || (!YES.test(recurrence) && ONE_OFF.test(withoutDenials(told)));
  const isAgent =
    failureTypes.some((type) => !FAULT_TYPES.has(type)) || rootCauses.some((cause) => cause !== "tool");
  if (!isFault || !isOneOff || isAgent) return undefined;
  return {
    kind: "skip",
    row: "one_off_fault",
    because: `A one-off fault of data or infrastructure: a fixture would test that and not the agent, so it is better mended upstream.`,
  };
}

function humanCorrection({ signal, failureTypes, failureTags, rootCauses }: Postmortem): Triage | undefined {
  if (signal !== "human_correction") return undefined;
  const exposes =
    rootCauses.includes("policy") ||
    failureTypes.includes("tool_misuse") ||
    failureTags.some((tag) => /policy|citation|reference/.test(tag));
  return exposes
    ? fixture(
        "blocking",
        "human_correction",
        "A person corrected the answer, and the correction shows a wrong policy, citation or use of a tool.",
      )
    : fixture("warning", "human_correction", "A person corrected what the agent answered.");
}

function recoveredToolError({ signal, failureTypes }: Postmortem): Triage | undefined {
  if (signal !== "recovered_tool_error") return undefined;
  return failureTypes.length > 0
    ? fixture(
        "warning",
        "recovered_tool_error",
        "The agent recovered from a tool's error, but the recovery hid another failure.",
      )
    : {
        kind: "keep_trace",
        row: "recovered_tool_error",
        because: `The agent recovered correctly: the trace is kept as evidence, without a fixture.`,
      };
}

function userConfusion({ signal, failureTypes, fields }: Postmortem): Triage | undefined {
  if (signal !== "user_confusion") return undefined;
  return failureTypes.length > 0 && !NO.test(fields.recurrence?.text ?? "")
    ? fixture("exploratory", "user_confusion", "The confusion changes what the agent does.")
    : {
        kind: "skip",
        row: "user_confusion",
        because: `One-off confusion of a user: the interface or the documentation comes first.`,
      };
}

function outlier({ signal, fields }: Postmortem): Triage | undefined {
  if (signal !== "cost_or_latency_outlier") return undefined;
  return NO.test(fields.recurrence?.text ?? "")
    ? {
        kind: "keep_trace",
        row: "cost_or_latency_outlier",
        because: `The outlier cannot recur: the trace is kept, without a fixture.`,
      }
    : fixture(
        "warning",
        "cost_or_latency_outlier",
        "The outlier can recur: the fixture checks the budget and where the agent stops.",
      );
}

function recurringOrVisible({ severity, failureTypes, fields }: Postmortem): Triage | undefined {
  const recurs = YES.test(fields.recurrence?.text ?? "");
  const costly = failureTypes.includes("cost") || failureTypes.includes("latency");
  const affected = fields.affected_users?.text ?? "";
  const visible = affected !== "" && !/^\W*(?:0|no|none|nobody|zero|internal)\b/i.test(affected);
  if (
    recurs ||
    costly ||
    visible ||
    severity === "S2" ||
    severity === "S3" ||
    (failureTypes.length > 0 && severity === undefined)
  ) {
    return fixture(
      "warning",
      "recurring_or_visible",
      "It recurs, costs or reaches users, without harm to safety, privacy, money or authority.",
    );
  }
  return undefined;
}

function fixture(level: Level, row: string, because: string): Triage {
  return { kind: "fixture", level, row, because, pair: false };
}

/** Leaves the clauses that deny something out. */
function withoutDenials(text: string): string {
  return text
    .split(/[.;\n]+/)
    .filter((clause) => !/\b(?:no|not|never|without)\b|n't\b/i.test(clause))
    .join("\n");
}
