import { githubClient } from "./github-client.ts";
import type { GithubEmulator } from "./github-emulator.ts";
import { type LoopbackServer, startLoopbackServer } from "./loopback-server.ts";
import { Reader } from "./viewer/reader.ts";
import { renderMarkdown } from "./viewer/render-markdown.ts";
import {
  type PageSetting,
  renderFile,
  renderIssue,
  renderProblem,
  renderRepository,
} from "./viewer/render-pages.ts";
import { renderPull } from "./viewer/render-pull.ts";

const BODY_BYTES_MAX = 1_024;
const HTML = "text/html; charset=utf-8";
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A page, or where it is to be found. */
type ViewerPage =
  | { readonly kind: "page"; readonly status: number; readonly html: string }
  | { readonly kind: "elsewhere"; readonly path: string };

/** Pages for people on an emulated GitHub, which itself speaks JSON only. */
export interface GithubViewer {
  /** Renders `/`, `/issues/N`, `/pull/N` or `/blob/REF/PATH`, also under the `/owner/name` that links of GitHub have. */
  renderPage(path: string): Promise<ViewerPage>;
}

interface Visit {
  readonly reader: Reader;
  readonly setting: PageSetting;
}

type Show = (visit: Visit, places: readonly string[]) => Promise<ViewerPage>;

const ROUTES: readonly { readonly pattern: RegExp; readonly show: Show }[] = [
  {
    pattern: /^\/$/,
    show: async ({ reader, setting }) => shown(renderRepository(await reader.repository(), setting)),
  },
  { pattern: /^\/issues\/(\d{1,9})$/, show: showIssue },
  {
    pattern: /^\/pull\/(\d{1,9})$/,
    show: async ({ reader, setting }, [number]) =>
      shown(renderPull(await reader.pull(Number(number)), setting)),
  },
  {
    pattern: /^\/blob\/([^/]+)\/(.+)$/,
    show: async ({ reader, setting }, [ref = "", path = ""]) =>
      shown(renderFile(ref, path, await reader.file(ref, path), setting)),
  },
  { pattern: /^\/commit\/([0-9a-f]{7,64})\/checks\/(\d+)$/, show: showCheck },
];

/** Makes the pages of an emulated GitHub's repository, read as its owner sees them. */
export function createGithubViewer(emulator: GithubEmulator): GithubViewer {
  const { owner, name } = emulator.repository;
  const home = `/${owner}/${name}`;
  const octokit = githubClient(emulator.url, emulator.tokens[emulator.ownerLogin] ?? "");
  const visit: Visit = {
    reader: new Reader(octokit, { owner, repo: name }),
    setting: {
      repository: `${owner}/${name}`,
      renderMarkdown: (markdown) => renderMarkdown(markdown, (url) => localLink(url, emulator.url, home)),
    },
  };
  return {
    renderPage: async (requested) => {
      const path = withoutHome(decoded(requested), home);
      for (const { pattern, show } of ROUTES) {
        const match = pattern.exec(path);
        if (match !== null) return await orProblem(visit, () => show(visit, match.slice(1)));
      }
      return notFound(visit, path);
    },
  };
}

/** Starts a server for the pages of an emulated GitHub. */
export async function startGithubViewer(options: {
  readonly emulator: GithubEmulator;
  /** 0 takes any free port. */
  readonly port: number;
}): Promise<LoopbackServer> {
  const viewer = createGithubViewer(options.emulator);
  return startLoopbackServer({
    port: options.port,
    bodyBytesMax: BODY_BYTES_MAX,
    refuse: (status, message) => ({ status, contentType: "text/plain; charset=utf-8", body: message }),
    handle: async (request) => {
      if (request.method !== "GET" && request.method !== "HEAD") {
        return { status: 405, contentType: "text/plain", body: "These pages are to look at only.\n" };
      }
      const page = await viewer.renderPage(request.path.split("?")[0] ?? "/");
      return page.kind === "page"
        ? {
            status: page.status,
            contentType: HTML,
            body: page.html,
            headers: { "content-security-policy": CONTENT_POLICY },
          }
        : { status: 302, contentType: HTML, body: "", headers: { location: page.path } };
    },
  });
}

async function showIssue({ reader, setting }: Visit, [number]: readonly string[]): Promise<ViewerPage> {
  try {
    return shown(renderIssue(await reader.issue(Number(number)), setting));
  } catch (cause) {
    // The emulator keeps issues and pull requests apart; GitHub leads from one to the other.
    if (isNotFound(cause)) return { kind: "elsewhere", path: `/pull/${number}` };
    throw cause;
  }
}

async function showCheck(visit: Visit, [sha = "", run = ""]: readonly string[]): Promise<ViewerPage> {
  const number = await visit.reader.pullOfHead(sha);
  return number === undefined
    ? notFound(visit, `the check ${run}`)
    : { kind: "elsewhere", path: `/pull/${number}#check-${run}` };
}

async function orProblem(visit: Visit, show: () => Promise<ViewerPage>): Promise<ViewerPage> {
  try {
    return await show();
  } catch (cause) {
    if (isNotFound(cause)) return notFound(visit, "it");
    const text = cause instanceof Error ? cause.message : "unknown fault";
    return { kind: "page", status: 502, html: renderProblem("GitHub did not answer", text, visit.setting) };
  }
}

function notFound({ setting }: Visit, what: string): ViewerPage {
  const html = renderProblem("Not found", `This repository has no page for ${what}.`, setting);
  return { kind: "page", status: 404, html };
}

function shown(html: string): ViewerPage {
  return { kind: "page", status: 200, html };
}

function isNotFound(cause: unknown): boolean {
  return cause instanceof Error && "status" in cause && cause.status === 404;
}

function localLink(url: string, emulatorUrl: string, home: string): string {
  const address = `${emulatorUrl}${home}`;
  return url.startsWith(`${address}/`) ? url.slice(address.length) : url;
}

function withoutHome(path: string, home: string): string {
  if (path === home) return "/";
  return path.startsWith(`${home}/`) ? path.slice(home.length) : path;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A path that is not valid UTF-8 leads nowhere, and the page says so.
    return path;
  }
}
