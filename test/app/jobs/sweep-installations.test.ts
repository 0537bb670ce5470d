import { beforeEach, expect, test } from "@jest/globals";
import {
  clearUpSweepInstallations,
  runSweepInstallations,
} from "../../../src/app/jobs/sweep-installations.ts";
import { aJobWorld, type JobWorld } from "../../build/job-world.ts";

const JOB = { kind: "sweep-installations" } as const;
const REFUNDS = { id: 5, owner: "acme", name: "refunds" };

let world: JobWorld;

beforeEach(() => {
  world = aJobWorld();
  world.installations.list.push({ id: 77, suspended: false }, { id: 78, suspended: true });
});

const jobs = () => world.queued.map(({ job }) => job);

test("each installation that may be read is swept on its own, and all of them again in an hour", async () => {
  await runSweepInstallations(JOB, world.deps);
  expect(world.queued).toEqual([
    { job: { ...JOB, installationId: 77 }, at: undefined },
    { job: JOB, at: expect.stringMatching(/^2026-11-21T11:00:/) },
  ]);
});

test("each repository of an installation is swept on its own, under the name that it has now", async () => {
  world.installations.repositories.set(77, [REFUNDS, { id: 6, owner: "acme", name: "travel" }]);
  await runSweepInstallations({ ...JOB, installationId: 77 }, world.deps);
  const place = { kind: "sweep-repository", installationId: 77, owner: "acme" };
  expect(jobs()).toEqual([
    { ...place, repo: "refunds", repositoryId: 5 },
    { ...place, repo: "travel", repositoryId: 6 },
  ]);
  expect([...world.sweeps.repositoryNames.kept.values()].map(({ name }) => name)).toEqual([
    "acme/refunds",
    "acme/travel",
  ]);
});

test("where GitHub lists no repositories, those are swept that were worked on before", async () => {
  const named = { id: 5, installationId: 77, name: "acme/refunds" };
  await world.sweeps.repositoryNames.saveNames([named], new Date());
  await runSweepInstallations({ ...JOB, installationId: 77 }, world.deps);
  expect(jobs()).toEqual([
    { kind: "sweep-repository", installationId: 77, owner: "acme", repo: "refunds", repositoryId: 5 },
  ]);
});

test("a sweep that was given up comes again in an hour, one of a single installation with the others", async () => {
  await clearUpSweepInstallations({ ...JOB, installationId: 77 }, world.deps);
  await clearUpSweepInstallations(JOB, world.deps);
  expect(world.queued).toEqual([{ job: JOB, at: expect.stringMatching(/^2026-11-21T11:00:/) }]);
});
