import { clusteredInterval, type Interval, wilsonInterval } from "../statistics/intervals.ts";
import type { Side } from "../trial/trial.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";

/** How often an agent passes a fixture, as far as its graded trials tell; undefined without any. */
export function passRateOf({ trials }: Side): Interval | undefined {
  const passed = trials.filter(({ status }) => status === "passed").length;
  const failed = trials.filter(({ status }) => status === "failed").length;
  return wilsonInterval(passed, passed + failed);
}

/** The share of fixtures that the candidate passes, with the fixtures of one incident as one cluster; undecided ones count as not passed. */
export function suitePassRate(verdicts: readonly FixtureVerdict[]): Interval | undefined {
  const clusters = Map.groupBy(verdicts, ({ file }) => file.fixture.incident ?? `fixture ${file.fixture.id}`);
  return clusteredInterval(
    [...clusters.values()].map((cluster) =>
      cluster.map(({ candidate }) => (candidate.outcome === "passed" ? 1 : 0)),
    ),
  );
}

/** Says the bounds of a share in whole per cent: `57–100 %`. */
export function boundsText({ low, high }: Interval): string {
  return `${Math.floor(low * 100)}–${Math.ceil(high * 100)} %`;
}
