import { didYouMean } from './did-you-mean';

const known = ['durability', 'busyTimeout', 'eventRetention', 'tombstoneRetention', 'type', 'id'];

describe('didYouMean', () => {
  it.each([
    ['durabilty', 'durability'],
    ['durabiltiy', 'durability'],
    ['Durability', 'durability'],
    ['timeout', undefined],
    ['busytimeout', 'busyTimeout'],
    ['eventRetentions', 'eventRetention'],
    ['tpye', 'type'],
    ['ids', 'id'],
    ['state', undefined],
    ['', undefined],
    ['x'.repeat(50), undefined],
  ])('suggests for %p: %p', (name, suggestion) => {
    const expected = suggestion === undefined ? undefined : `Did you mean "${suggestion}"?`;
    expect(didYouMean(name, known)).toBe(expected);
  });

  it('suggests the closest of several names', () => {
    expect(didYouMean('beta1', ['beta', 'beta12', 'beta1x', 'beta1'])).toBe('Did you mean "beta1"?');
  });
});
