/** Sentences of GitHub that tell the operator what to do; all others stay unsaid, since they can quote what we sent. */
const KNOWN_REFUSALS: readonly (readonly [RegExp, string])[] = [
  [
    /^Resource not accessible by (integration|personal access token)/,
    "the app has no permission for it: compare its permissions with app.yml, then accept the change on the installation",
  ],
  [/^'(Expiration time|Issued at)' claim/, "the clock of this server is wrong: set it"],
  [
    /^Bad credentials|^A JSON web token could not be decoded/,
    "it does not accept our credentials: check APP_ID and the private key, or the token",
  ],
  [/^This installation has been suspended/, "the installation is suspended: an owner has to allow it again"],
  [/^Git Repository is empty/, "the repository has no commit: push a first one"],
  [/^No common ancestor/, "the two commits have no common ancestor"],
  [/^Repository was archived/, "the repository is archived and cannot be written to"],
  [/^Reference already exists/, "the branch is there already"],
  [
    /^Repository rule violations|^Protected branch/,
    "a rule of the repository forbids it: let the app write branches that begin with incident-to-eval/",
  ],
  [/^Issues (are|has been) disabled/, "issues are switched off in this repository"],
  [
    /^Resource protected by organization SAML/,
    "the organisation asks for single sign-on: authorise the token for it",
  ],
  [
    /^Although you appear to have the correct authorization/,
    "the organisation has an IP allow list: add this server to it",
  ],
];

/** Says what a refusal means and what to do about it, where that is known. */
export function adviseOn(status: number, data: unknown): string | undefined {
  return knownAdvice(data) ?? adviceFor(status);
}

/** Tells whether GitHub refused because what was to be created is there. */
export function saysAlreadyThere(status: number, data: unknown): boolean {
  if (status !== 422 || typeof data !== "object" || data === null) return false;
  const errors = "errors" in data && Array.isArray(data.errors) ? data.errors : [];
  return [data, ...errors].some((said) => /already exists/i.test(messageOf(said) ?? ""));
}

/** Says why no answer came at all. */
export function sayNetworkTrouble(cause: unknown): string {
  const code = codeOf(cause);
  return `no answer${code === undefined ? "" : ` (${code})`}; it is tried again, and if it stays so, check GITHUB_API_URL and the network`;
}

function knownAdvice(data: unknown): string | undefined {
  const message = messageOf(data);
  if (message === undefined) return undefined;
  return KNOWN_REFUSALS.find(([pattern]) => pattern.test(message))?.[1];
}

function messageOf(said: unknown): string | undefined {
  if (typeof said === "string") return said;
  if (typeof said !== "object" || said === null || !("message" in said)) return undefined;
  return typeof said.message === "string" ? said.message : undefined;
}

function adviceFor(status: number): string | undefined {
  if (status === 401)
    return "it does not accept our credentials: check APP_ID and the private key, or the token";
  if (status === 404) return "it does not exist, or the app may not see it";
  if (status === 410) return "it was deleted, or is switched off in this repository";
  if (status === 451) return "it is withheld for legal reasons: only its owner and GitHub can free it";
  if (status === 422) return "it does not take what we sent";
  if (status >= 500) return "it has a problem of its own and is asked again";
  return undefined;
}

const CAUSES_MAX = 4;

function codeOf(cause: unknown): string | undefined {
  let current = cause;
  for (let depth = 0; depth < CAUSES_MAX && typeof current === "object" && current !== null; depth += 1) {
    if ("code" in current && typeof current.code === "string") return current.code;
    if ("name" in current && current.name === "TimeoutError") return "timeout";
    current = "cause" in current ? current.cause : undefined;
  }
  return undefined;
}
