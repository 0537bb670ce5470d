const DAY_MS = 24 * 60 * 60 * 1_000;

/** How long everything is kept that is removed again, from its last change on. README says the same to people. */
export const KEPT_MS = {
  /** GitHub delivers again for a week at most; until then a delivery must be known as processed. */
  deliveries: 30 * DAY_MS,
  /** What people wrote is in them. Within this time GitHub can be asked for a delivery again, and we may want to look at it. */
  payloads: 3 * DAY_MS,
  /** An answer that is forgotten is given anew at the next event. */
  runs: 180 * DAY_MS,
  /** A blob that is forgotten is fetched again. */
  blobs: 30 * DAY_MS,
  /** A trial stands for a new one for a day at most; one that is forgotten is run again. */
  trials: 2 * DAY_MS,
  /** What GitHub created and we have forgotten is found in its lists. */
  creations: 180 * DAY_MS,
  /** GitHub delivers nothing again that is older than three days, and a mark that nobody moved is of a repository that is gone. */
  sweeps: 30 * DAY_MS,
  /** No job is under way for so long. */
  events: 30 * DAY_MS,
  /**
   * What is kept of a repository that nobody sees any more: answers to incidents, the fixtures that must hold, the last
   * configuration that could be used, and what people decided. They are kept as long as the repository is there.
   */
  goneRepositories: 180 * DAY_MS,
  /** Whether a fixture wavers is told from its last weeks. */
  outcomes: 90 * DAY_MS,
  /** Whoever has the address may read them: long enough for a review, and not for ever. */
  reportPages: 14 * DAY_MS,
  /** Whoever has not looked in a quarter will not. */
  deadLetters: 90 * DAY_MS,
} as const;
