import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { parsePostmortem } from "../../../src/core/incident/parse-postmortem.ts";
import { FIELDS, type FieldId, type Postmortem } from "../../../src/core/incident/postmortem.ts";
import {
  EVALUATION_GAPS,
  FAILURE_TYPES,
  ROOT_CAUSES,
  SEVERITIES,
  SIGNALS,
} from "../../../src/core/incident/taxonomy.ts";
import { aFormBody } from "../../build/incident-bodies.ts";

const TEMPLATES = join(import.meta.dirname, "..", "..", "..", "evals", "templates");

interface Element {
  readonly type: string;
  readonly id?: FieldId;
  readonly attributes: {
    readonly label?: string;
    readonly multiple?: boolean;
    readonly options?: readonly string[];
  };
}

function elements(file: string): readonly Element[] {
  const form: { labels: string[]; body: Element[] } = parse(readFileSync(join(TEMPLATES, file), "utf8"));
  expect(form.labels).toEqual(["incident"]);
  return form.body.filter(({ type }) => type !== "markdown");
}

function optionsOf(id: FieldId): readonly string[] {
  return (
    elements("llm-incident.yml")
      .find((element) => element.id === id)
      ?.attributes.options?.slice(1) ?? []
  );
}

function readForm(texts: Partial<Record<FieldId, string>>): Postmortem {
  return parsePostmortem({ number: 1, title: "t", body: aFormBody(texts), author: "ana" }).postmortem;
}

test("the form has exactly the fields of a postmortem, in their order", () => {
  expect(elements("llm-incident.yml").map(({ id, attributes }) => ({ id, label: attributes.label }))).toEqual(
    [...FIELDS],
  );
});

test("the short form asks for some of them, in the same order and words", () => {
  const short = elements("llm-incident-short.yml").map(({ id, attributes }) => ({
    id,
    label: attributes.label,
  }));
  expect(short).toEqual(FIELDS.filter(({ id }) => short.some((field) => field.id === id)));
});

test.each(["llm-incident.yml", "llm-incident-short.yml"])(
  "every dropdown of %s begins with a choice that is none",
  (file) => {
    const dropdowns = elements(file).filter(({ type }) => type === "dropdown");
    expect(dropdowns.length).toBeGreaterThan(2);
    expect(dropdowns.map(({ attributes }) => attributes.options?.[0])).toEqual(
      dropdowns.map(() => "-- choose --"),
    );
  },
);

describe("the options of the form are read back as our values", () => {
  test("severity", () => {
    expect(optionsOf("severity").map((option) => readForm({ severity: option }).severity)).toEqual([
      ...SEVERITIES,
    ]);
  });

  test("signal", () => {
    expect(optionsOf("signal").map((option) => readForm({ signal: option }).signal)).toEqual([...SIGNALS]);
  });

  test("evaluation gap", () => {
    expect(
      optionsOf("evaluation_gap").map((option) => readForm({ evaluation_gap: option }).evaluationGap),
    ).toEqual([...EVALUATION_GAPS]);
  });

  test("all failure types at once", () => {
    expect(readForm({ failure_types: optionsOf("failure_types").join(", ") }).failureTypes).toEqual([
      ...FAILURE_TYPES,
    ]);
  });

  test("all root causes at once", () => {
    expect(readForm({ root_causes: optionsOf("root_causes").join(", ") }).rootCauses).toEqual([
      ...ROOT_CAUSES,
    ]);
  });

  test("the choice that is none says nothing", () => {
    const body = aFormBody({
      severity: "-- choose --",
      signal: "-- choose --",
      failure_types: "-- choose --",
    });
    expect(parsePostmortem({ number: 1, title: "t", body, author: "ana" }).problems).toEqual([]);
  });
});
