const PREFIX = "AGENT_TOKEN_";

/**
 * Finds the token of a host: `AGENT_TOKEN_AGENT_ACME_COM` is sent to agent.acme.com and to what lies below it, and the
 * nearest one counts. The name of the variable says where the token goes, so no repository can have it sent elsewhere.
 */
export function tokenFor(host: string, tokens: ReadonlyMap<string, string>): string | undefined {
  const labels = host.replace(/^\[|\]$|\.$/g, "").split(".");
  const isAddress = /^[\d.]+$|:/.test(host);
  const lengths = isAddress ? [labels.length] : labels.map((_, index) => labels.length - index);
  return lengths
    .map((length) => tokens.get(variableOf(labels.slice(-length).join("."))))
    .find((token) => token !== undefined);
}

function variableOf(host: string): string {
  return PREFIX + host.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
}
