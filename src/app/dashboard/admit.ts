import { createHmac, timingSafeEqual } from "node:crypto";
import type { PageRequest } from "../http-page.ts";

const NAME_LENGTH_MAX = 60;
const NAME_DEFAULT = "administrator";
const PROGRAM = "the command line";

/** Somebody who showed the administrator's token: a person in a browser, or a program. */
export interface Administrator {
  readonly how: "browser" | "program";
  /** The name that they gave; nobody checked it. */
  readonly name: string;
}

/** Tells who asks by the token in the request's header, or undefined where it is not the administrator's. */
export function admit(
  { header }: Pick<PageRequest, "header">,
  adminToken: string,
): Administrator | undefined {
  const [scheme = "", value = ""] = header("authorization").split(/ +/);
  switch (scheme.toLowerCase()) {
    case "bearer":
      return isSame(value, adminToken) ? { how: "program", name: PROGRAM } : undefined;
    case "basic": {
      const given = Buffer.from(value, "base64").toString("utf8");
      const colon = given.indexOf(":");
      if (colon === -1 || !isSame(given.slice(colon + 1), adminToken)) return undefined;
      return { how: "browser", name: nameOf(given.slice(0, colon)) };
    }
    default:
      return undefined;
  }
}

/** What a form of ours carries, so that a page elsewhere cannot post one: only who has the token can make it. */
export function formToken(adminToken: string): string {
  return createHmac("sha256", adminToken).update("a form of the dashboard").digest("hex");
}

/**
 * Tells whether a form comes from a page of ours. A browser sends the administrator's token along with whatever
 * any page posts here, so the token in the header proves nothing about the page.
 */
export function isOurForm(
  { header }: Pick<PageRequest, "header">,
  form: URLSearchParams,
  adminToken: string,
): boolean {
  return isSameOrigin(header) && isSame(form.get("token") ?? "", formToken(adminToken));
}

/** Browsers that name the site are believed; those that only name the origin must name ours. */
function isSameOrigin(header: PageRequest["header"]): boolean {
  const site = header("sec-fetch-site");
  if (site !== "") return site === "same-origin";
  const origin = URL.parse(header("origin"));
  return origin !== null && origin.host === header("host").toLowerCase();
}

/** Compares in a time that does not tell where two texts differ, nor how long ours is. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHmac("sha256", expected).update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function nameOf(text: string): string {
  const name = text.replaceAll(/[^\p{L}\p{N} ._@-]/gu, "").trim();
  return name === "" ? NAME_DEFAULT : name.slice(0, NAME_LENGTH_MAX);
}
