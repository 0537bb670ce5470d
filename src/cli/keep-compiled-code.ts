import { enableCompileCache } from "node:module";
import { isAbsolute, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Has Node keep the compiled form of every module that is loaded from here on, so that the next start takes half the
 * time. It lies in the user's own folder: what is read there is run, and anybody may write to the system's temporary one.
 * Where that cannot be written nothing is kept; `NODE_COMPILE_CACHE` names another, `NODE_DISABLE_COMPILE_CACHE` none.
 */
export function keepCompiledCode(environment: Environment, platform: NodeJS.Platform): void {
  const folder = cacheFolder(environment, platform);
  if (folder !== undefined && environment.NODE_COMPILE_CACHE === undefined) {
    enableCompileCache(join(folder, "compiled"));
  }
}

/** Our folder in that of a user for what can be made again, as each system names it; undefined where the environment names none. */
export function cacheFolder(environment: Environment, platform: NodeJS.Platform): string | undefined {
  const folder = userFolder(environment, platform);
  return folder !== undefined && isAbsolute(folder) ? join(folder, "incident-to-eval") : undefined;
}

function userFolder(environment: Environment, platform: NodeJS.Platform): string | undefined {
  const { LOCALAPPDATA, XDG_CACHE_HOME, HOME } = environment;
  if (platform === "win32") return LOCALAPPDATA;
  if (platform !== "darwin" && XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (!HOME) return undefined;
  return platform === "darwin" ? join(HOME, "Library", "Caches") : join(HOME, ".cache");
}
