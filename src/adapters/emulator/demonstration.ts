import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Parsed, parsed, problemText } from "../../core/problem.ts";
import { readYaml } from "../../core/yaml.ts";
import { ROLES } from "./github-emulator.ts";
import { type Files, readFolder } from "./read-folder.ts";
import { parseScript, type Script } from "./script.ts";

const PEOPLE_MAX = 50;
const PULL_REQUESTS_MAX = 20;

const text = z.string().min(1).max(10_000);
const place = z
  .string()
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9_./-]*$/, "a path inside the folder")
  .refine((path) => !path.split("/").includes(".."), "a path inside the folder");

const incidentSchema = z.strictObject({ title: text, label: text, by: text, body: place });

const storySchema = z.strictObject({
  repository: z.strictObject({ owner: text, name: text, description: text.optional() }),
  required_checks: z.array(text).min(1).max(10),
  users: z
    .array(
      z.strictObject({
        login: text,
        name: text.optional(),
        role: z.enum(ROLES),
        teams: z.array(text).max(10).optional(),
      }),
    )
    .min(1)
    .max(PEOPLE_MAX),
  incident: incidentSchema,
  next_incident: incidentSchema,
  pull_requests: z
    .array(
      z.strictObject({
        id: text,
        branch: text,
        title: text,
        body: text,
        by: text,
        files: place.describe("A folder whose files replace those of the repository."),
        expect: z.strictObject({
          blocking: z.enum(["success", "failure"]),
          merge: z.enum(["merged", "refused"]),
        }),
      }),
    )
    .max(PULL_REQUESTS_MAX),
});
/** Who does what in a demonstration. */
export type Story = z.output<typeof storySchema>;

/** All that a sandbox needs, read from one folder. */
export interface Demonstration {
  readonly story: Story;
  /** The files of the repository. */
  readonly files: Files;
  readonly incidentBody: string;
  readonly nextIncidentBody: string;
  /** The files that each pull request of the story changes, by its id. */
  readonly changes: ReadonlyMap<string, Files>;
  readonly script: Script;
}

/** Reads the story of a demonstration, or names everything that is wrong with it. */
export function parseStory(yaml: string): Parsed<Story> {
  const read = readYaml(yaml, storySchema);
  return read.kind === "parsed" ? parsed(read.value.value) : read;
}

/**
 * Reads a demonstration: `story.yml`, `model.yml`, the folder `repository` and what the story names.
 * The folder ships with the product, so a mistake in it is ours and throws.
 */
export async function readDemonstration(folder: string): Promise<Demonstration> {
  const read = (path: string) => readFile(join(folder, path), "utf8");
  const story = need("story.yml", parseStory(await read("story.yml")));
  const changes = await Promise.all(
    story.pull_requests.map(async ({ id, files }) => [id, await readFolder(join(folder, files))] as const),
  );
  return {
    story,
    files: await readFolder(join(folder, "repository")),
    incidentBody: await read(story.incident.body),
    nextIncidentBody: await read(story.next_incident.body),
    changes: new Map(changes),
    script: need("model.yml", parseScript(await read("model.yml"))),
  };
}

function need<T>(file: string, read: Parsed<T>): T {
  if (read.kind === "parsed") return read.value;
  throw new Error(`reading ${file} of the demonstration: ${read.problems.map(problemText).join("; ")}`);
}
