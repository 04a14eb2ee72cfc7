import { defineTarget } from './define-target';
import { registerConformance } from './register-conformance';
import { runConformance } from './run-conformance';

const target = defineTarget({
  name: 'never opened',
  createWorld: () => {
    throw new Error('not with this Node');
  },
  open: () => ({ load: async () => null, persist: async () => undefined }),
});
const MESSAGE = 'This is Node 20.20.2; the conformance suite needs Node 22 or newer.';

describe('the suite on a Node that is too old', () => {
  const { versions } = process;
  const pretend = (value: typeof versions) => Object.defineProperty(process, 'versions', { value });
  beforeEach(() => pretend({ ...versions, node: '20.20.2' }));
  afterEach(() => pretend(versions));

  it('says so by rejecting when it is run', async () => {
    await expect(runConformance(target)).rejects.toThrow(MESSAGE);
    await expect(runConformance('./target.mjs')).rejects.toThrow(MESSAGE);
  });

  it('says so by throwing when tests are registered', () => {
    const runner = { describe: jest.fn(), it: jest.fn() };
    expect(() => registerConformance(target, runner)).toThrow(MESSAGE);
    expect(runner.describe).not.toHaveBeenCalled();
  });
});
