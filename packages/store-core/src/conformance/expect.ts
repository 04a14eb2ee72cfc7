import { exactText } from './exact-text';
import { ConformanceFailure, type FailureDetails } from './failure';
import { cut } from './preview';

/**
 * Two values must be the same JSON, key order included, with nothing that JSON would hide.
 *
 * @param what what is looked at: "load after persist".
 * @param cause the usual reason for a difference.
 */
export function expectSame(got: unknown, want: unknown, what: string, cause?: string): void {
  const gotText = exactText(got);
  const wantText = exactText(want);
  if (gotText === wantText) return;
  throw new ConformanceFailure(what, { ...excerpts(gotText, wantText), cause });
}

/** {@link expectSame} for two texts. */
export function expectText(got: string, want: string, what: string, cause?: string): void {
  if (got === want) return;
  throw new ConformanceFailure(what, { ...excerpts(got, want), cause });
}

/** Something must be so. */
export function expectThat(condition: boolean, what: string, details: FailureDetails = {}): void {
  if (!condition) throw new ConformanceFailure(what, details);
}

/** What must not be reached. */
export function fail(what: string, details: FailureDetails = {}): never {
  throw new ConformanceFailure(what, details);
}

/** Both texts, each from shortly before where they part. */
function excerpts(got: string, want: string): { got: string; want: string } {
  let same = 0;
  const shorter = Math.min(got.length, want.length);
  while (same < shorter && got[same] === want[same]) same++;
  if (same < 160) return { got: cut(got), want: cut(want) };
  const from = same - 40;
  const at = `… (from character ${from}) `;
  return { got: at + cut(got.slice(from)), want: at + cut(want.slice(from)) };
}
