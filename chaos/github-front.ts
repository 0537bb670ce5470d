import { fetchHere } from "../src/adapters/emulator/fetch-here.ts";
import {
  type LoopbackReply,
  type LoopbackRequest,
  type LoopbackServer,
  startLoopbackServer,
} from "../src/adapters/emulator/loopback-server.ts";
import { isAccepted, type LoggedDelivery, type PostOffice } from "./post-office.ts";

const BODY_BYTES_MAX = 25 * 1024 * 1024;
const PER_PAGE = 100;
/** What belongs to one connection, or is made anew. */
const NOT_PASSED_ON = ["host", "connection", "content-length", "accept-encoding", "transfer-encoding"];
const PULLS = /^\/repos\/[^/]+\/[^/]+\/pulls(\/\d+)?(\?|$)/;
const REFS = /^\/repos\/[^/]+\/[^/]+\/git\/refs\/heads\/(.+)$/;
const LOG = /^\/app\/hook\/deliveries(?:\/(\d+))?(\/attempts)?(?:\?(.*))?$/;

/** A pull request as the emulator lists it, as far as it is put right here. */
interface ListedPullRequest {
  readonly state: string;
  readonly head: { readonly ref: string };
}

/** What the app takes for GitHub. */
export interface GithubFront extends LoopbackServer {
  /** When the app last asked for anything, in milliseconds of `performance.now()`. */
  lastAskedMs(): number;
}

/** Starts a front that knows what the emulator does not: where the heads of pull requests have moved, and the App's delivery log. */
export async function startGithubFront(world: {
  readonly emulatorUrl: string;
  readonly post: Pick<PostOffice, "log" | "redeliver">;
  /** Where a branch is now. */
  readonly tipOf: (branch: string) => Promise<string | undefined>;
  /** Told when the app has moved a branch. */
  readonly onMoved: (branch: string) => Promise<void>;
}): Promise<GithubFront> {
  let askedMs = performance.now();

  async function handle(request: LoopbackRequest): Promise<LoopbackReply> {
    askedMs = performance.now();
    const log = LOG.exec(request.path);
    if (log !== null) return answerLog(request.method, log, world.post);
    const reply = await passOn(world.emulatorUrl, request);
    askedMs = performance.now();
    if (reply.status !== 200) return reply;
    const moved = request.method === "PATCH" ? REFS.exec(request.path)?.[1] : undefined;
    if (moved !== undefined) await world.onMoved(decodeURIComponent(moved));
    if (request.method !== "GET" || !PULLS.test(request.path)) return reply;
    return { ...reply, body: JSON.stringify(await withTips(JSON.parse(reply.body), world.tipOf)) };
  }

  const server = await startLoopbackServer({
    port: 0,
    bodyBytesMax: BODY_BYTES_MAX,
    handle,
    refuse: (status, message) => ({ status, contentType: "text/plain", body: message }),
  });
  return { ...server, lastAskedMs: () => askedMs };
}

async function passOn(target: string, request: LoopbackRequest): Promise<LoopbackReply> {
  const headers = Object.entries(request.headers).filter(([name]) => !NOT_PASSED_ON.includes(name));
  const hasBody = request.method !== "GET" && request.method !== "HEAD" && request.body !== "";
  const response = await fetchHere(target + request.path, {
    method: request.method,
    headers: Object.fromEntries(headers),
    ...(hasBody ? { body: request.body } : {}),
  });
  const link = response.headers.get("link");
  return {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "text/plain",
    body: await response.text(),
    ...(link === null ? {} : { headers: { link } }),
  };
}

/** The emulator keeps a pull request's head as it was opened; GitHub moves it with its branch while it is open. */
async function withTips(
  found: ListedPullRequest | readonly ListedPullRequest[],
  tipOf: (branch: string) => Promise<string | undefined>,
): Promise<unknown> {
  if (!isList(found)) return await withTip(found, tipOf);
  return await Promise.all(found.map((one) => withTip(one, tipOf)));
}

function isList(
  found: ListedPullRequest | readonly ListedPullRequest[],
): found is readonly ListedPullRequest[] {
  return Array.isArray(found);
}

async function withTip(
  found: ListedPullRequest,
  tipOf: (branch: string) => Promise<string | undefined>,
): Promise<ListedPullRequest> {
  const sha = found.state === "open" ? await tipOf(found.head.ref) : undefined;
  return sha === undefined ? found : { ...found, head: { ...found.head, ...{ sha } } };
}

/** GitHub numbers attempts; here each delivery has one number, its place in the log from 1 on. */
async function answerLog(
  method: string,
  [, id, attempts, query]: RegExpExecArray,
  post: Pick<PostOffice, "log" | "redeliver">,
): Promise<LoopbackReply> {
  const log = post.log();
  if (id === undefined) {
    const before = Number(new URLSearchParams(query).get("cursor") ?? log.length + 1);
    const page = log
      .map((delivery, index) => listed(delivery, index + 1))
      .filter((one) => one.id < before)
      .reverse()
      .slice(0, PER_PAGE);
    const last = page.at(-1)?.id ?? 0;
    const link = `<http://127.0.0.1/app/hook/deliveries?per_page=${PER_PAGE}&cursor=${last}>; rel="next"`;
    return { ...json(200, page), ...(last > 1 ? { headers: { link } } : {}) };
  }
  const delivery = log[Number(id) - 1];
  if (delivery === undefined) return json(404, { message: "Not Found" });
  if (attempts === undefined) {
    const request = { headers: delivery.headers, payload: JSON.parse(delivery.body) };
    return json(200, { ...listed(delivery, Number(id)), request, response: { headers: {}, payload: "" } });
  }
  if (method !== "POST") return json(404, { message: "Not Found" });
  void post.redeliver(delivery);
  return json(202, {});
}

function listed(delivery: LoggedDelivery, id: number) {
  const { action, installation, repository } = JSON.parse(delivery.body);
  const status = isAccepted(delivery) ? 202 : (delivery.answers.at(-1) ?? 0);
  return {
    id,
    guid: delivery.guid,
    delivered_at: new Date(delivery.sentAtMs).toISOString(),
    redelivery: false,
    duration: 0.1,
    status: isAccepted(delivery) ? "OK" : "Could not be delivered",
    status_code: status,
    event: delivery.event,
    action: action ?? null,
    installation_id: installation?.id ?? null,
    repository_id: repository?.id ?? null,
    throttled_at: null,
    url: "",
  };
}

function json(status: number, value: unknown): LoopbackReply {
  return { status, contentType: "application/json; charset=utf-8", body: JSON.stringify(value) };
}
