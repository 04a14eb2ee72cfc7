import naughtyStrings from 'big-list-of-naughty-strings';
import fc from 'fast-check';

const odd = fc.constantFrom(
  '',
  '__proto__',
  'constructor',
  'mount',
  'toString',
  'Counter',
  '\0',
  '\ud800',
  '../..',
  '\r\n',
);
const naughty = fc.constantFrom(...naughtyStrings);
const field = fc.oneof(
  { weight: 4, arbitrary: odd },
  { weight: 4, arbitrary: naughty },
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
  fc.dictionary(naughty, naughty, { maxKeys: 3 }),
);
const fields = {
  event: fc.oneof(field, fc.constantFrom('mount', 'increment')),
  type: fc.oneof(field, fc.constant('Counter')),
  instance: field,
  payload: field,
  clientId: field,
  eventId: field,
};

/** Texts off a wire that are no event of a handler: messages gone wrong, other JSON, naughty strings, no JSON. */
export const malformed: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.record(fields, { requiredKeys: [] }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: naughty },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()) },
);
