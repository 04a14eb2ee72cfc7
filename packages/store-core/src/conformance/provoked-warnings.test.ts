import { holdBackWarnings } from './provoked-warnings';

it('holds back the warnings that the suite provokes, and no others', () => {
  const warned = jest.spyOn(process, 'emitWarning').mockReturnValue();
  const original = process.emitWarning;
  const ends = [holdBackWarnings(), holdBackWarnings()];
  process.emitWarning('A listener threw.', { code: 'NASC_WATCH_LISTENER' });
  process.emitWarning('A listener threw.', 'Warning', 'NASC_WATCH_LISTENER');
  process.emitWarning(Object.assign(new Error('ended'), { code: 'NASC_WATCH_ENDED' }));
  process.emitWarning('Something else.', { code: 'OTHER' });
  ends[0]?.();
  ends[0]?.();
  process.emitWarning('A listener threw.', { code: 'NASC_WATCH_LISTENER' });
  process.emitWarning('No code.');
  expect(warned.mock.calls.map(([text]) => text)).toEqual(['Something else.', 'No code.']);
  ends[1]?.();
  expect(process.emitWarning).toBe(original);
  warned.mockRestore();
});
