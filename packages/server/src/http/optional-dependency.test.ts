import { optionalDependency } from './optional-dependency';

describe('optionalDependency', () => {
  it('loads what is there', () => {
    expect(optionalDependency<{ WebSocketServer: unknown }>('ws').WebSocketServer).toEqual(
      expect.any(Function),
    );
  });

  it('names the command that installs what is not', () => {
    const missing = expect.objectContaining({
      code: 'STORE_DEPENDENCY',
      message: expect.stringContaining('npm i not-there'),
    });
    expect(() => optionalDependency('not-there')).toThrow(missing);
  });
});
