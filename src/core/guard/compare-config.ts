import type { Config } from "../config/config.ts";
import { jsonObject } from "../json.ts";
import { configRules } from "./config-rules.ts";
import { weakeningsBetween } from "./differences.ts";
import type { FieldChange } from "./weakening.ts";

/** Lists every place at which the head's configuration asks for less than the base's, or lets others decide. */
export function compareConfig(base: Config, head: Config): readonly FieldChange[] {
  return weakeningsBetween(plain(base), plain(head), configRules());
}

function plain(config: Config) {
  return jsonObject.parse(JSON.parse(JSON.stringify(config)));
}
