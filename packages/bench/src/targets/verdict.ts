/** A target, what was measured, and whether it is met. */
export interface Verdict {
  readonly area: string;
  readonly target: string;
  /** Such as `≥ 0.8`. */
  readonly wanted: string;
  /** With its spread over the rounds. */
  readonly measured: string;
  readonly met: boolean;
}
