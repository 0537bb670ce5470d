import type { Kysely, Selectable } from "kysely";
import { z } from "zod";
import { CHECK_NAMES } from "../../core/report/check-run.ts";
import type {
  Decision,
  Decisions,
  OverrideDecision,
  ReleaseOverrideDecision,
} from "../../ports/decisions.ts";
import { callDatabase } from "./call-database.ts";
import type { DecisionsTable, Tables } from "./tables.ts";

/** The most decisions that one search gives back: more of them on a commit or at a time nobody reads. */
const DECISIONS_MAX = 1_000;

const detailsSchema = z.object({
  hides: z
    .array(z.object({ check: z.enum(Object.values(CHECK_NAMES)), on: z.string(), says: z.string() }))
    .optional(),
  base: z.string().optional(),
  facts: z.string().optional(),
});
const levelSchema = z.enum(["blocking", "warning", "exploratory", "skip"]);

/** Remembers in PostgreSQL what people decided. */
export function postgresDecisions(kysely: Kysely<Tables>): Decisions {
  const select = () => kysely.selectFrom("decisions").selectAll().limit(DECISIONS_MAX);

  return {
    async saveDecision(decision) {
      const result = await callDatabase("note a decision", () =>
        kysely
          .insertInto("decisions")
          .values(rowOf(decision))
          .onConflict((conflict) => conflict.columns(["repo", "id"]).doNothing())
          .executeTakeFirst(),
      );
      return result.numInsertedOrUpdatedRows === 0n ? "known" : "saved";
    },

    async fetchDecision(repo, id) {
      const row = await callDatabase("read a decision", () =>
        select().where("repo", "=", repo).where("id", "=", id).executeTakeFirst(),
      );
      return row && decisionOf(row);
    },

    async searchOverrides(repo, headSha) {
      const rows = await callDatabase("list the overrides of a commit", () =>
        select()
          .where("repo", "=", repo)
          .where("kind", "in", ["override", "release_override"])
          .where("head_sha", "=", headSha)
          .orderBy("at", "desc")
          .execute(),
      );
      return rows.map(decisionOf).filter(isOverride);
    },

    async searchQuarantines(repo, notEndedAt) {
      const rows = await callDatabase("list quarantines", () =>
        select()
          .where("repo", "=", repo)
          .where("kind", "=", "quarantine")
          .where("expires_at", ">", notEndedAt)
          .orderBy("at", "desc")
          .execute(),
      );
      return rows.map(decisionOf).filter((decision) => decision.kind === "quarantine");
    },

    async fetchTriage(repo, issue) {
      const row = await callDatabase("read the triage of an incident", () =>
        select()
          .where("repo", "=", repo)
          .where("kind", "=", "triage")
          .where("number", "=", issue)
          .orderBy("at", "desc")
          .executeTakeFirst(),
      );
      const decision = row && decisionOf(row);
      return decision?.kind === "triage" ? decision : undefined;
    },
  };
}

function isOverride(decision: Decision): decision is OverrideDecision | ReleaseOverrideDecision {
  return decision.kind === "override" || decision.kind === "release_override";
}

function rowOf(decision: Decision) {
  const { id, repo, kind, actor, as, reason, at } = decision;
  return {
    id,
    repo,
    kind,
    actor,
    allowed_as: as,
    reason,
    at,
    number: null,
    head_sha: null,
    subject: null,
    details: "{}",
    expires_at: null,
    ...particularsOf(decision),
  };
}

function particularsOf(decision: Decision) {
  switch (decision.kind) {
    case "override": {
      const { pullRequest, headSha, base, hides, expiresAt } = decision;
      const details = JSON.stringify({ base, hides });
      return { number: pullRequest, head_sha: headSha, details, expires_at: expiresAt };
    }
    case "release_override":
      return { number: decision.issue, head_sha: decision.headSha, expires_at: decision.expiresAt };
    case "quarantine":
      return { subject: decision.fixture, expires_at: decision.expiresAt };
    case "triage": {
      const { issue, level, facts } = decision;
      return { number: issue, subject: level, details: JSON.stringify({ facts }) };
    }
  }
}

function decisionOf(row: Selectable<DecisionsTable>): Decision {
  const { id, repo, actor, allowed_as: as, reason, at } = row;
  const decided = { id, repo, actor, as, reason, at };
  const details = detailsSchema.parse(row.details);
  const number = row.number ?? 0;
  const headSha = row.head_sha ?? "";
  const expiresAt = row.expires_at ?? at;
  const subject = row.subject ?? "";
  switch (row.kind) {
    case "override": {
      const { base = "", hides = [] } = details;
      return { ...decided, kind: row.kind, pullRequest: number, headSha, base, hides, expiresAt };
    }
    case "release_override":
      return { ...decided, kind: row.kind, issue: number, headSha, expiresAt };
    case "quarantine":
      return { ...decided, kind: row.kind, fixture: subject, expiresAt };
    case "triage": {
      const level = levelSchema.parse(subject);
      return { ...decided, kind: row.kind, issue: number, level, facts: details.facts ?? "" };
    }
  }
}
