import type { Problem } from "../problem.ts";

/** Stands in an endpoint for the commit that is to be tried, for deployments that have an address each. */
const SHA_PLACE = "{sha}";

/** Fills the commit into an endpoint. */
export function fillEndpoint(endpoint: string, commit: string): string {
  return endpoint.replaceAll(SHA_PLACE, () => encodeURIComponent(commit));
}

/** Says why an endpoint can be no address to send cases to: keys and names belong into the environment. */
export function endpointProblems(endpoint: string, at: string): readonly Problem[] {
  const expected = "an https address without user name, password and fragment";
  const filled = fillEndpoint(endpoint, "0");
  if (!URL.canParse(filled)) return [{ at, expected, got: endpoint }];
  const { protocol, username, password, hash } = new URL(filled);
  const isAddress = protocol === "https:" || protocol === "http:";
  if (!isAddress || hash !== "") return [{ at, expected, got: endpoint }];
  if (username === "" && password === "") return [];
  return [
    {
      at,
      expected: `${expected} (a token comes from the environment: \`AGENT_TOKEN_…\`)`,
      got: "a password",
    },
  ];
}
