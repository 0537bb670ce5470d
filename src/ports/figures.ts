/** How many jobs of a kind there are, and since when the oldest of them could run. */
export interface QueueFigures {
  readonly job: string;
  readonly waiting: number;
  readonly running: number;
  /** When the oldest job fell due that waits for nothing but a free worker; undefined where none does. */
  readonly oldestDueAt: Date | undefined;
}

/** How the store stands, in numbers. */
export interface StoreFigures {
  readonly queues: readonly QueueFigures[];
  /** Deliveries by what became of them, of those that came since the time asked for. */
  readonly deliveries: Readonly<Record<"waiting" | "processed" | "failed", number>>;
  readonly oldestWaitingDeliveryAt: Date | undefined;
  /** Pull requests whose checks are not concluded, and since when the oldest is. */
  readonly openRuns: number;
  readonly oldestOpenRunAt: Date | undefined;
  /** What was given up and waits for somebody to look at it, by kind. */
  readonly deadLetters: Readonly<Record<string, number>>;
}

/** Reads how the store stands. */
export interface Figures {
  /** Counts deliveries since this time, and everything else as it is now. */
  fetchFigures(deliveriesSince: Date): Promise<StoreFigures>;
}
