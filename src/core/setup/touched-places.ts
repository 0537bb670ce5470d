import type { ChangeType } from "../change/change-type.ts";
import { watchedPlaces } from "../change/watched-places.ts";
import type { Config } from "../config/config.ts";

/** A file whose change counts, and as what. */
export interface TouchedPlace {
  readonly path: string;
  readonly agent: string;
  readonly type: ChangeType;
  /** Keys that count, where not all of the file does. */
  readonly keys?: readonly string[];
}

/** Says of files, by their paths alone, as which change of which agent they count under a configuration. */
export function touchedPlaces(config: Config, paths: readonly string[]): readonly TouchedPlace[] {
  const touched = Object.entries(config.agents).flatMap(([agent, entry]) =>
    watchedPlaces(entry).flatMap((place): readonly TouchedPlace[] => {
      if (place.kind === "keys")
        return paths.includes(place.file)
          ? [{ path: place.file, agent, type: place.type, keys: place.keys }]
          : [];
      return paths.filter(place.matches).map((path) => ({ path, agent, type: place.typeOf(path) }));
    }),
  );
  const byContent = new Map(touched.map((one) => [JSON.stringify([one.path, one.agent, one.type]), one]));
  return [...byContent.values()];
}
