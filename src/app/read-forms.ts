import { readFile } from "node:fs/promises";

/** Beside `src` in the repository, and beside `dist` in the package. */
const SHIPPED = new URL("../../evals/templates/", import.meta.url);
const FORMS = ["llm-incident.yml", "llm-incident-short.yml"];

/** Reads the incident forms as they are added to a repository. */
export async function readForms(): Promise<readonly { readonly path: string; readonly content: string }[]> {
  return await Promise.all(
    FORMS.map(async (name) => ({
      path: `.github/ISSUE_TEMPLATE/${name}`,
      content: await readFile(new URL(name, SHIPPED), "utf8"),
    })),
  );
}
