/** A target, what was measured, and whether it is met. */
export interface Verdict {
  readonly area: string;
  readonly target: string;
  /** Such as `≥ 0.8`. */
  readonly wanted: string;
  /** With its spread over the rounds. */
  readonly measured: string;
  /** The same of the best round of each, which is what others on the machine disturb least. */
  readonly best: string;
  /** By the median, whatever the best is. */
  readonly met: boolean;
}
