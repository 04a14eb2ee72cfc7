import { runBounded } from './run-bounded';
import { turn } from './turns';

const never = () => undefined;

describe('runBounded', () => {
  it('tells how work ended', async () => {
    expect(await runBounded(() => Promise.resolve(), never)).toEqual({ kind: 'done' });
    const error = new Error('no');
    expect(await runBounded(() => Promise.reject(error), never)).toEqual({ kind: 'threw', error });
    const throwing = (): Promise<void> => {
      throw error;
    };
    expect(await runBounded(throwing, never)).toEqual({ kind: 'threw', error });
  });

  it('does not wait for work that hangs', async () => {
    expect(
      await runBounded(
        () => new Promise(() => undefined),
        () => 'slow',
      ),
    ).toEqual({ kind: 'late', why: 'slow' });
  });

  it('leaves no listener behind when it cannot begin', async () => {
    const before = process.listenerCount('unhandledRejection');
    jest.spyOn(Promise, 'withResolvers').mockImplementationOnce(() => {
      throw new TypeError('Promise.withResolvers is not a function');
    });
    await expect(runBounded(() => Promise.resolve(), never)).rejects.toThrow('withResolvers');
    expect(process.listenerCount('unhandledRejection')).toBe(before);
  });

  // Jest has handlers of its own for the real events; these are the ones that node emits elsewhere.
  it.each(['unhandledRejection', 'uncaughtException'] as const)(
    'reports an %s of the background',
    async (event) => {
      const error = new Error('in the background');
      const work = async (): Promise<void> => {
        await turn();
        process.emit(event as 'unhandledRejection', error, Promise.resolve());
      };
      expect(await runBounded(work, never)).toEqual({ kind: 'stray', error });
      expect(process.listenerCount(event)).toBe(0);
    },
  );
});
