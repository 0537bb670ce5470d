import type { DeliveryAttempt, DeliveryLog } from "../../src/ports/delivery-log.ts";
import type { ExternalFailure } from "../../src/ports/external-failure.ts";
import type { Installations, InstalledRepository, RepositoryPlace } from "../../src/ports/installations.ts";
import type {
  MissedDeliveries,
  MissedDelivery,
  NamedRepository,
  RepositoryNames,
  SweepMark,
  SweepMarks,
} from "../../src/ports/sweep-records.ts";

/** What sweeps remember, as plain data. */
export interface FakeSweepRecords {
  readonly sweepMarks: SweepMarks & { readonly kept: Map<string, SweepMark> };
  readonly missedDeliveries: MissedDeliveries & {
    readonly kept: Map<string, MissedDelivery & { readonly missedAt: Date; readonly nextAt: Date }>;
    /** The deliveries that came in and did not fail. */
    readonly arrived: Set<string>;
  };
  readonly repositoryNames: RepositoryNames & {
    readonly kept: Map<number, NamedRepository>;
    /** From which names what was left was taken along, as `5 from acme/old`. */
    readonly gathered: readonly string[];
  };
}

/** A memory of sweeps, empty at first. */
export function fakeSweepRecords(): FakeSweepRecords {
  return {
    sweepMarks: fakeSweepMarks(),
    missedDeliveries: fakeMissedDeliveries(),
    repositoryNames: fakeRepositoryNames(),
  };
}

function fakeSweepMarks(): FakeSweepRecords["sweepMarks"] {
  const kept = new Map<string, SweepMark>();
  return {
    kept,
    fetchMark: async (name) => kept.get(name),
    saveMark: async (mark) => void kept.set(mark.name, mark),
    pruneMarks: async (before) => prune(kept, ({ updatedAt }) => updatedAt < before),
  };
}

function fakeMissedDeliveries(): FakeSweepRecords["missedDeliveries"] {
  const kept: FakeSweepRecords["missedDeliveries"]["kept"] = new Map();
  const arrived = new Set<string>();
  return {
    kept,
    arrived,
    searchArrived: async (ids) => new Set(ids.filter((id) => arrived.has(id))),
    async saveMissed(missed, at) {
      for (const one of missed) {
        const known = kept.get(one.deliveryId) ?? { times: 0, missedAt: at, nextAt: at };
        kept.set(one.deliveryId, { ...known, ...one });
      }
    },
    searchDue: async (now, limits) =>
      [...kept.values()]
        .filter((one) => !arrived.has(one.deliveryId) && one.nextAt <= now && one.times < limits.times)
        .sort((one, other) => one.nextAt.getTime() - other.nextAt.getTime())
        .slice(0, limits.rows)
        .map(({ deliveryId, attemptId, times }) => ({ deliveryId, attemptId, times })),
    async saveRequested(deliveryId, nextAt) {
      const known = kept.get(deliveryId);
      if (known !== undefined) kept.set(deliveryId, { ...known, times: known.times + 1, nextAt });
    },
    pruneMissed: async (before) => prune(kept, ({ missedAt }) => missedAt < before),
  };
}

function fakeRepositoryNames(): FakeSweepRecords["repositoryNames"] {
  const kept = new Map<number, NamedRepository & { readonly at: Date }>();
  const gathered: string[] = [];
  return {
    kept,
    async saveNames(named, at) {
      for (const one of named) kept.set(one.id, { ...one, at });
    },
    gathered,
    gather: async (id, formerName) => void gathered.push(`${id} from ${formerName}`),
    fetchId: async (name) => [...kept.values()].find((one) => one.name === name)?.id,
    searchByInstallation: async (installationId) =>
      [...kept.values()].filter((one) => one.installationId === installationId),
    pruneUnnamed: async (before) => prune(kept, ({ at }) => at < before),
  };
}

function prune<K, V>(kept: Map<K, V>, isOver: (value: V) => boolean): number {
  const over = [...kept].filter(([, value]) => isOver(value));
  for (const [key] of over) kept.delete(key);
  return over.length;
}

/** GitHub's log of deliveries as a list, newest first, in pages of a few. */
export class FakeDeliveryLog implements DeliveryLog {
  /** Newest first. */
  attempts: readonly DeliveryAttempt[] = [];
  /** Every page that was read, by where it began. */
  readonly read: (string | undefined)[] = [];
  /** The attempts by which deliveries were asked for. */
  readonly requested: string[] = [];
  /** Attempts that GitHub does not deliver again. */
  readonly refused = new Set<string>();
  isOffered = true;
  /** Thrown at the given page, counted from zero. */
  failure: { readonly atPage: number; readonly cause: ExternalFailure } | undefined;
  readonly #pageSize: number;

  constructor(pageSize = 2) {
    this.#pageSize = pageSize;
  }

  /** Reads a page. */
  async fetchPage(from: string | undefined) {
    if (!this.isOffered) return undefined;
    const start = Number(from ?? 0);
    if (this.failure?.atPage === start / this.#pageSize) throw this.failure.cause;
    this.read.push(from);
    const end = start + this.#pageSize;
    const next = end < this.attempts.length ? String(end) : undefined;
    return { attempts: this.attempts.slice(start, end), next };
  }

  /** Notes that an attempt is to be repeated. */
  async requestAgain(attemptId: string) {
    if (this.refused.has(attemptId)) return "refused" as const;
    this.requested.push(attemptId);
    return "requested" as const;
  }
}

/** The installations of the App as plain data. */
export class FakeInstallations implements Installations {
  readonly list: { readonly id: number; readonly suspended: boolean }[] = [];
  readonly repositories = new Map<number, readonly InstalledRepository[]>();
  /** Where a repository is that is not where it is looked for, by that name. */
  readonly places = new Map<string, RepositoryPlace>();

  /** Lists the installations. */
  async fetchInstallations() {
    return this.list;
  }

  /** Lists the repositories of an installation. */
  async fetchRepositories(installationId: number) {
    return this.repositories.get(installationId);
  }

  /** Finds a repository: where it is looked for, unless a test moved it. */
  async locate(
    _installationId: number,
    {
      id = 1,
      owner,
      name,
    }: { readonly id?: number | undefined; readonly owner: string; readonly name: string },
  ): Promise<RepositoryPlace> {
    return this.places.get(`${owner}/${name}`) ?? { kind: "here", repository: { id, owner, name } };
  }
}
