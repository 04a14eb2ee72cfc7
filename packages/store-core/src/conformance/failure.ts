/** What a failed check tells besides what it looked at. All are for a person to read. */
export interface FailureDetails {
  got?: string | undefined;
  want?: string | undefined;
  /** The usual reason for it. */
  cause?: string | undefined;
  /** Whether no other rule's failure can be the reason for this one: it is told for itself. */
  independent?: boolean | undefined;
  /** The smallest input known to show it, where that is generated. */
  input?: string | undefined;
}

/** A rule is broken. Thrown by checks. */
export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure';
  /** The calls that led here; filled in where the check ends. */
  calls: readonly string[] | undefined;

  /** @param what what was looked at, for example "load after persist". */
  constructor(
    readonly what: string,
    readonly details: FailureDetails = {},
  ) {
    super(what);
  }
}

/** A check did not reach what it tests: no verdict. */
export class Inconclusive extends Error {
  override readonly name = 'Inconclusive';
}
