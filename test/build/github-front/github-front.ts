import { createHash } from "node:crypto";
import type { GithubEmulator } from "../../../src/adapters/emulator/github-emulator.ts";
import { startWireServer, withEntityTags } from "../wire-server.ts";
import { branchRoutes } from "./branches.ts";
import { openCheckRuns } from "./check-runs.ts";
import { completePayload, withPullRequests } from "./complete-payload.ts";
import { deliveryLogRoutes } from "./delivery-log.ts";
import { type Deployments, openDeployments } from "./deployments.ts";
import { type Events, openEvents } from "./events.ts";
import { bodyOf, type Handler, json, type Reply, type Request } from "./exchange.ts";
import { openGitHub } from "./github.ts";
import { type Hooks, openHooks } from "./hooks.ts";
import { openInstallation } from "./installation-routes.ts";
import { issueRoutes, tooLong } from "./issues.ts";
import { mergeRoutes } from "./merges.ts";
import { passOn } from "./pass-on.ts";
import { peopleRoutes } from "./people-routes.ts";
import { openProtection, type Protection } from "./protection.ts";
import { openPullHeads } from "./pull-heads.ts";
import { pullRequestRoutes } from "./pull-requests.ts";
import { reactionRoutes } from "./reactions.ts";
import { routed } from "./routes.ts";
import { openStatuses } from "./statuses.ts";

const HOOKS_PATH = "/_hooks";

/** GitHub as tests need it: the emulator, what it cannot do, and what it does otherwise than GitHub. */
export interface GithubFront {
  /** The emulated GitHub as people and the App meet it: at the front's address, with the front's webhooks. */
  readonly emulator: GithubEmulator;
  /** Answers a request as GitHub does. */
  readonly handle: Handler;
  readonly events: Events;
  readonly hooks: Hooks;
  readonly reviews: Deployments["reviews"];
  readonly requireByRuleset: Protection["requireByRuleset"];
  close(): Promise<void>;
}

/** Puts the front before an emulated GitHub, whose webhooks go through it from now on. */
export async function startGithubFront(emulated: GithubEmulator, secret: string): Promise<GithubFront> {
  const upstream = passOn(emulated.url);
  const { appId, installationId, repository } = emulated;
  const hooks = openHooks({ id: appId, secret, installationId });
  const names = [repository.name];
  const nameNow = () => names.at(-1) ?? repository.name;
  const github = openGitHub(emulated, hooks, upstream.handle, nameNow);
  const heads = openPullHeads();
  const statuses = openStatuses(github);
  const deployments = openDeployments(github);
  const installation = openInstallation(github);
  const checkRuns = openCheckRuns(github, async (run, sender) =>
    hooks.send("check_run", {
      action: "rerequested",
      check_run: await withPullRequests(run, github, heads),
      repository: await github.repository(),
      sender,
    }),
  );
  const { seen: seenRun } = checkRuns;
  const protection = openProtection(github, statuses, seenRun);
  const events = openEvents({
    github,
    heads,
    deployments,
    installation,
    seenRun,
    renamed: (name) => void names.push(name),
  });

  const routes = routed(
    [
      deliveryLogRoutes(hooks, { installation: installationId }),
      installation.routes,
      pullRequestRoutes(github, heads),
      mergeRoutes(github, heads, protection),
      branchRoutes(github, heads),
      checkRuns.routes,
      statuses.routes,
      protection.routes,
      deployments.routes,
      issueRoutes(github),
      reactionRoutes(github),
      peopleRoutes(github),
    ],
    upstream.handle,
  );

  async function answer(request: Request): Promise<Reply> {
    const refused = installation.refusalOf(request) ?? tooLong(request) ?? (await movedAway(request));
    return refused ?? (await routes(byName(request)));
  }

  /** Old names lead to the id, and the id to the name of now. */
  async function movedAway({ method, path }: Request): Promise<Reply | undefined> {
    const [, owner = "", name = "", rest = ""] = /^\/repos\/([^/]+)\/([^/?]+)(.*)$/.exec(path) ?? [];
    if (owner !== repository.owner || name === nameNow() || !names.includes(name)) return undefined;
    const { id } = await github.repository();
    const location = `${server.url}/repositories/${String(id)}${rest}`;
    const message = "Moved Permanently";
    return json(method === "GET" ? 301 : 307, { message, url: location }, { location });
  }

  function byName(request: Request): Request {
    const byId = /^\/repositories\/\d+(?<rest>\/.+)?$/.exec(request.path);
    return byId === null ? request : { ...request, path: `${github.place()}${byId.groups?.rest ?? ""}` };
  }

  async function receive(request: Request): Promise<Reply> {
    const event = request.headers["x-github-event"] ?? "";
    const payload = await completePayload(event, bodyOf(request), { github, heads, seenRun });
    if (payload === undefined) return json(202, {});
    const { statusCode } = await hooks.send(event, payload, request.headers["x-github-delivery"]);
    return json(statusCode, {});
  }

  const handle = withEntityTags(oneMergeAtATime(answer), (body) =>
    createHash("sha1").update(body).digest("hex"),
  );
  const server = await startWireServer((request) =>
    request.path === HOOKS_PATH ? receive(request) : handle(request),
  );
  emulated.deliverTo(`${server.url}${HOOKS_PATH}`);

  return {
    emulator: { ...emulated, url: server.url, deliverTo: hooks.deliverTo },
    handle,
    events,
    hooks,
    reviews: deployments.reviews,
    requireByRuleset: protection.requireByRuleset,
    async close() {
      await server.close();
      await hooks.settled();
      upstream.close();
    },
  };
}

/** Nobody sees the commit that the emulator makes on its way to a merge. */
function oneMergeAtATime(handle: Handler): Handler {
  let merging: Promise<unknown> = Promise.resolve();
  return async (request) => {
    await merging;
    if (!/\/merge$/.test(request.path)) return await handle(request);
    const merge = handle(request);
    merging = merge.catch(() => undefined);
    return await merge;
  };
}
