import fc from 'fast-check';
import { compareCodePoints } from './compare-code-points';

// Generated, and the same each time.
fc.configureGlobal({ seed: 7 });

describe('compareCodePoints', () => {
  it('orders as UTF-8 bytes do', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { examples: [['\u{10000}', '\uffff'], ['\ue000', '\u{1f600}'], ['a', ''], ['a\0', 'a']] }, // prettier-ignore
    );
  });
});
