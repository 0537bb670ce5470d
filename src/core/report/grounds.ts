import type { Effect, FixtureVerdict } from "../verdict/verdict.ts";
import type { Ground } from "./check-run.ts";
import type { CheckKind, CheckScope } from "./check-scope.ts";
import type { GateObstacle } from "./gate-report.ts";
import { VERDICT_WORDS } from "./standing.ts";

const STOPPING: Readonly<Record<CheckKind, readonly Effect[]>> = {
  blocking: ["blocks"],
  warning: ["warns", "open"],
};

/** Lists what keeps a check of a finished run from being green; a check that nothing else keeps is short of passes. */
export function groundsOf(scope: CheckScope): readonly Ground[] {
  const grounds = [
    ...scope.own.filter(({ weight }) => STOPPING[scope.check].includes(weight.effect)).map(verdictGround),
    ...scope.broken.map(({ path }) => ({ on: `file ${path}`, says: "cannot be read", acceptable: false })),
  ];
  return grounds.length > 0
    ? grounds
    : [{ on: "the share of fixtures that pass", says: "too small", acceptable: true }];
}

/** Says what kept a run from being made as what keeps its checks from being green. */
export function obstacleGround({ kind }: GateObstacle): Ground {
  switch (kind) {
    case "outage":
    case "no_model_key":
    case "fault":
      return { on: "the run", says: OBSTACLES[kind], acceptable: true };
    case "configuration":
    case "agent":
    case "fork":
      return { on: "the run", says: OBSTACLES[kind], acceptable: false };
  }
}

const OBSTACLES: Readonly<Record<GateObstacle["kind"], string>> = {
  outage: "could not be made: a service does not answer",
  no_model_key: "could not be made: the server has no key of a model",
  fault: "could not be made: the app has a fault",
  configuration: "could not be made: the configuration cannot be used",
  agent: "could not be made: the agent cannot be read",
  fork: "waits for somebody with write access",
};

function verdictGround({ file, origin, verdict }: FixtureVerdict): Ground {
  const version = origin === "base_version" || origin === "removed" ? " as on the base" : "";
  return { on: `fixture ${file.fixture.id}${version}`, says: VERDICT_WORDS[verdict], acceptable: true };
}
