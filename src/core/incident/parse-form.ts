import { z } from "zod";
import { type Parsed, type Problem, parsed, unusable } from "../problem.ts";
import { readYaml } from "../yaml.ts";

const BODY_ITEMS_MAX = 100;

const bodyItem = z.looseObject({
  type: z.enum(["markdown", "textarea", "input", "dropdown", "checkboxes", "upload"]),
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, "expected letters, digits, _ and -")
    .optional(),
  attributes: z.looseObject({
    label: z.string().min(1).optional(),
    value: z.string().optional(),
    options: z.array(z.unknown()).optional(),
  }),
});

/** An issue form as GitHub takes it; of its fields no more is looked at than GitHub refuses a form for. */
const formSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
  title: z.string().optional(),
  labels: z.union([z.string(), z.array(z.string())]).optional(),
  assignees: z.union([z.string(), z.array(z.string())]).optional(),
  projects: z.union([z.string(), z.array(z.string())]).optional(),
  type: z.string().optional(),
  body: z.array(bodyItem).min(1).max(BODY_ITEMS_MAX),
});

/** Reads an issue form for incidents, or names everything that is wrong with it; without the incident label nobody would hear of its issues. */
export function parseForm(text: string, label: string): Parsed<string> {
  const read = readYaml(text, formSchema);
  if (read.kind === "unusable") return read;
  const { value: form, lines } = read.value;
  const problems = [...labelProblems(form, label), ...form.body.flatMap(itemProblems), ...twins(form.body)];
  if (problems.length === 0) return parsed(form.name);
  return unusable(problems.map((one) => withLine(one, lines)));
}

type Form = z.output<typeof formSchema>;

function labelProblems({ labels = [] }: Form, label: string): readonly Problem[] {
  const given = typeof labels === "string" ? labels.split(",").map((one) => one.trim()) : labels;
  if (given.some((one) => one.toLowerCase() === label.toLowerCase())) return [];
  const got = given.length === 0 ? "none" : given.join(", ");
  return [{ at: "labels", expected: `the label ${label} (\`incidents.label\`)`, got }];
}

function itemProblems({ type, attributes }: Form["body"][number], index: number): readonly Problem[] {
  const at = `body[${index}].attributes`;
  if (type === "markdown") {
    return attributes.value === undefined ? [{ at, expected: "a value: the text to show", got: "none" }] : [];
  }
  const problems: Problem[] = [];
  if (attributes.label === undefined) problems.push({ at, expected: "a label", got: "none" });
  const needsOptions = type === "dropdown" || type === "checkboxes";
  if (needsOptions && (attributes.options ?? []).length === 0) {
    problems.push({ at, expected: "options to choose from", got: "none" });
  }
  return problems;
}

/** GitHub refuses a form in which two fields have one id or one label. */
function twins(body: Form["body"]): readonly Problem[] {
  return body.flatMap(({ id, attributes: { label } }, index) => {
    const before = body.slice(0, index);
    return [
      ...(id !== undefined && before.some((one) => one.id === id)
        ? [{ at: `body[${index}].id`, expected: "an id of its own", got: `${id} again` }]
        : []),
      ...(label !== undefined && before.some((one) => one.attributes.label === label)
        ? [{ at: `body[${index}].attributes.label`, expected: "a label of its own", got: `${label} again` }]
        : []),
    ];
  });
}

function withLine(problem: Problem, lines: ReadonlyMap<string, number>): Problem {
  const line = lines.get(problem.at);
  return line === undefined ? problem : { ...problem, line };
}
