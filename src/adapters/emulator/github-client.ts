import { Octokit } from "@octokit/rest";
import { fetchHere } from "./fetch-here.ts";

const quiet = () => undefined;

/** Makes a client for somebody on the emulated GitHub; a refused call is the caller's to tell, so nothing is logged. */
export function githubClient(url: string, token: string): Octokit {
  return new Octokit({
    auth: token,
    baseUrl: url,
    request: { fetch: fetchHere },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
}
