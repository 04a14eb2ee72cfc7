import type { Patch } from '@nasc/client';
import { Channels } from './channels';
import { copyState } from '../instances/copy-state';
import { patchesJson } from './patches-json';
import { statePatches } from './state-patches';
import { Viewer } from './viewer';

const version = (rev: number) => ({ epoch: 'e', rev });

function setUp() {
  const channels = new Channels(copyState);
  const sent: Patch[][] = [];
  const connection = { isFull: false };
  const viewer = new Viewer({
    send: (patches) => sent.push([...patches]),
    isCongested: () => connection.isFull,
    mayView: async () => true,
  });
  const publish = (state: object, rev: number) =>
    channels.publish({ type: 'T', id: 'a', state: state as never, version: version(rev) });
  const first = { n: 1, gone: true };
  channels.join(
    viewer,
    { type: 'T', id: 'a', state: first, version: version(1) },
    statePatches('T', 'a', first),
  );
  return { channels, viewer, sent, connection, publish };
}
const bind = (prop: string, value: unknown) => ({
  action: 'bindUpdate',
  instance: 'a',
  type: 'T',
  prop,
  value,
});

describe('two viewers', () => {
  it('share the same patches, serialized once', () => {
    const { channels, publish } = setUp();
    const got: (readonly Patch[])[] = [];
    for (let i = 0; i < 2; i++) {
      const viewer = new Viewer({
        send: (patches) => got.push(patches),
        isCongested: () => false,
        mayView: async () => true,
      });
      channels.join(viewer, { type: 'T', id: 'a', state: { n: 1 }, version: version(1) }, []);
    }
    publish({ n: 2 }, 2);
    expect(got).toHaveLength(4);
    expect(got[2]).toBe(got[3]);

    const toJSON = jest.fn(() => 'x');
    const patches: Patch[] = [
      { action: 'bindUpdate', type: 'T', instance: 'a', prop: 'n', value: { toJSON } },
    ];
    expect(patchesJson(patches)).toBe(patchesJson(patches));
    expect(toJSON).toHaveBeenCalledTimes(1);
  });
});

describe('a slow viewer', () => {
  it('gets nothing while it is congested, then what it missed, merged', () => {
    const { viewer, sent, connection, publish } = setUp();
    connection.isFull = true;
    for (let n = 2; n < 1_000; n++) publish({ n, at: 'x' }, n);
    viewer.send([{ action: 'error', message: 'lost' }]);
    expect(sent).toHaveLength(1);
    viewer.drained();
    expect(sent).toHaveLength(1);
    connection.isFull = false;
    viewer.drained();
    viewer.drained();
    expect(sent.slice(1)).toEqual([
      [bind('n', 999), bind('at', 'x'), { ...bind('gone', null), removed: true }],
    ]);
    publish({ n: 1_000, at: 'x' }, 1_000);
    expect(sent.at(-1)).toEqual([bind('n', 1_000)]);
  });

  it('gets the state of an instance that it mounted while congested', () => {
    const { channels, viewer, sent, connection } = setUp();
    connection.isFull = true;
    channels.join(
      viewer,
      { type: 'T', id: 'b', state: { m: 1 }, version: version(1) },
      statePatches('T', 'b', { m: 1 }),
    );
    connection.isFull = false;
    viewer.drained();
    expect(sent.slice(1)).toEqual([[{ ...bind('m', 1), instance: 'b' }]]);
  });

  it('is forgotten when it leaves', () => {
    const { channels, viewer, sent, publish } = setUp();
    expect(channels.snapshot('T', 'a')?.version).toEqual(version(1));
    channels.leave(viewer);
    expect(channels.snapshot('T', 'a')).toBeUndefined();
    publish({ n: 2 }, 2);
    expect(sent).toHaveLength(1);
  });

  it('views nothing if it leaves while it is about to enter', () => {
    const { channels, viewer, sent } = setUp();
    channels.leave(viewer);
    channels.join(viewer, { type: 'T', id: 'b', state: { m: 1 }, version: version(1) }, []);
    expect(channels.snapshot('T', 'b')).toBeUndefined();
    viewer.send([{ action: 'error', message: 'too late' }]);
    expect(sent).toHaveLength(1);
  });
});
