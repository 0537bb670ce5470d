import type { Agent } from "../../core/agent/agent.ts";
import type { Provider } from "../../core/agent/named-model.ts";
import { neededProviders } from "../../core/agent/needed-providers.ts";
import type { Models } from "./deps.ts";

/** Lists the providers without whose key none of these agents can be run; none where some of them can be, or need no key. */
export function missingKeys(
  agents: ReadonlyMap<string, Agent>,
  names: readonly string[],
  models: Pick<Models, "providers"> | undefined,
): readonly Provider[] {
  const lacking = names.map((name) =>
    [...neededProviders(agents, name)].filter((provider) => models?.providers.has(provider) !== true),
  );
  return lacking.some((missing) => missing.length === 0) ? [] : [...new Set(lacking.flat())].sort();
}
