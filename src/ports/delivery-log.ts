/** One attempt of GitHub's to deliver a webhook, as its log shows it. */
export interface DeliveryAttempt {
  /** The attempt's own id, as text: it can be longer than a number holds exactly. */
  readonly id: string;
  /** The delivery's id: the same for all its attempts. */
  readonly deliveryId: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly at: Date;
}

/** A part of the log. */
export interface DeliveryPage {
  readonly attempts: readonly DeliveryAttempt[];
  /** Where the next older part begins; undefined at the end of the log. */
  readonly next: string | undefined;
}

/** GitHub's own log of what it delivered to the App, or tried to. */
export interface DeliveryLog {
  /** Reads a part, newest first, from the newest attempt on or from where another part ended; undefined where no log is offered. */
  fetchPage(from: string | undefined): Promise<DeliveryPage | undefined>;
  /** Asks for another attempt at a delivery; refused where GitHub does not deliver it any more. */
  requestAgain(attemptId: string): Promise<"requested" | "refused">;
}
