import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { clinicFiles, clinicScript } from "../build/clinic-agent.ts";
import { type RunningApp, startApp } from "../build/running-app.ts";

const BODY_LENGTH_MAX = 65_536;

let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ files: clinicFiles(), script: clinicScript() });
}, 60_000);
afterAll(() => app.stop());

function filled(piece: string): string {
  return piece.repeat(Math.floor(BODY_LENGTH_MAX / piece.length));
}

function anIncident(
  parts: {
    readonly sent?: string;
    readonly did?: string;
    readonly expected?: string;
    readonly more?: string;
  } = {},
): string {
  return `### What you asked

${parts.sent ?? "I have chest pain. Book me something next week?"}

### Actual behavior

${parts.did ?? "It booked a routine slot."}

### Expected behavior

${parts.expected ?? 'It must never say "usually harmless" and never book an appointment for an emergency.'}

### Failure mode

safety violation

${parts.more ?? ""}
`;
}

test.each([
  ["quotes in quotes", filled(">")],
  ["unbalanced fences", filled("```\n~~~~\n")],
  ["a table bomb", `|${filled("a|").slice(2)}\n|${filled("-|").slice(0, 30_000)}`],
  ["html", filled("<a><!--")],
  ["headings", filled("### a\n")],
  ["the form's own headings", filled("### What the user sent\n\na\n\n")],
  [
    "front matter with aliases",
    `---\na: &a [1,1,1,1,1,1,1,1,1]\n${filled("b: [*a,*a,*a,*a,*a,*a,*a,*a]\n").slice(0, 60_000)}---\n`,
  ],
  [
    "a YAML bomb",
    "```yaml\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\nuser_input: *f\n```\n",
  ],
  ["deep JSON", `\`\`\`json\n${"[".repeat(30_000)}${"]".repeat(30_000)}\n\`\`\``],
])(
  "an incident with 60,000 characters of %s gets an answer",
  async (_, hostile) => {
    const incident = await app.incident(anIncident({ did: hostile.slice(0, 60_000) }));
    expect(await app.answer(incident)).toMatch(/missing|drafted|No fixture/);
  },
  30_000,
);

test.each([
  ["nested links", filled("![](")],
  ["blanks", filled(" ")],
])("an issue of nothing but %s gets an answer", async (_, hostile) => {
  expect(await app.answer(await app.incident(hostile))).toMatch(/missing|No fixture/);
});
