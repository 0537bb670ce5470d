import { createHash } from "node:crypto";
import { stripTypeScriptTypes } from "node:module";

/** Lets Jest run TypeScript as written, through Node's own type stripping: positions stay, so stack traces are right. */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
  getCacheKey: (source, path, options) =>
    createHash("sha256")
      .update(`${source}\0${path}\0${process.version}\0${options.instrument}`)
      .digest("hex")
      .slice(0, 32),
};
