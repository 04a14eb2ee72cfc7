import { formatReport, runConformance } from '@nasc/store-core/conformance';
import { CheckThenAct } from './first-mistakes/check-then-act';
import { IgnoredFull } from './first-mistakes/ignored-full';
import { JoinedKey } from './first-mistakes/joined-key';
import { JsonRowsStore } from './first-mistakes/json-rows-store';
import { KeptReference } from './first-mistakes/kept-reference';
import { LostOrder } from './first-mistakes/lost-order';
import { NoConflictCheck } from './first-mistakes/no-conflict-check';
import { PlainJson } from './first-mistakes/plain-json';
import { RevivedDates } from './first-mistakes/revived-dates';
import { rowsTarget, type RowsStoreClass } from './first-mistakes/rows-world';
import { SerialisedLate } from './first-mistakes/serialised-late';
import { SwallowedCorruption } from './first-mistakes/swallowed-corruption';
import { UndefinedForAbsent } from './first-mistakes/undefined-for-absent';
import { VersionedRowsStore } from './first-mistakes/versioned-rows-store';

/** What people get wrong first; the rule that finds it, and the words in which it says what it is. */
const MISTAKES: readonly [mistake: string, Broken: RowsStoreClass, rule: string, words: RegExp][] = [
  ['returning undefined', UndefinedForAbsent, 'B1', /got +undefined\n +want +null\n.*value \?\? null/],
  ['keeping the reference', KeptReference, 'A1', /keeps a reference to the object/],
  ['joining type:id', JoinedKey, 'I1', /"A:B".*\n(.*\n)*.*type \+ separator \+ id/],
  ['swallowing corrupt rows', SwallowedCorruption, 'F1', /cannot be read is taken for absent/],
  ['ignoring full', IgnoredFull, 'D1', /`full` is the truth and `diff` only a hint/],
  ['losing order', LostOrder, 'K1', /order of their keys.*keep their position/],
  ['no conflict check', NoConflictCheck, 'R3', /want +STORE_CONFLICT\n.*ifRev is not compared/],
  ['check-then-act', CheckThenAct, 'R5', /2 won\n.*compared in one step and .* written in another/],
  ['dates become strings', PlainJson, 'V8', /Date.*\n(.*\n)*.*JSON.stringify turns a Date into a string/],
  ['NaN becomes null', PlainJson, 'V6', /NaN.*\n(.*\n)*.*JSON.stringify writes them as null/],
  ['strings become dates', RevivedDates, 'V19', /got .*\[object Date\]/],
  ['serialising late', SerialisedLate, 'A2', /serialised after an `await`/],
];

describe('the mistakes that people make first', () => {
  it.each<RowsStoreClass>([JsonRowsStore, VersionedRowsStore])('without one, %p passes', async (Right) => {
    const only = MISTAKES.map(([, , rule]) => rule);
    const report = await runConformance(rowsTarget(Right), { only });
    expect(report.results.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  });

  it.each(MISTAKES)('%s: the report of %p names it', async (_mistake, Broken, rule, words) => {
    const report = await runConformance(rowsTarget(Broken), { only: [rule] });
    expect(report.results).toMatchObject([{ id: rule, outcome: 'fail' }]);
    expect(formatReport(report)).toMatch(words);
  });
});
