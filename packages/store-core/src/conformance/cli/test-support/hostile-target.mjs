import { captureState } from '@nasc/store-core';
import { defineTarget, runConformance } from '@nasc/store-core/conformance';

const how = new URL(import.meta.url).searchParams.get('how');

function keyOf(type, id) {
  const isText = (text) => typeof text === 'string' && text.isWellFormed();
  if (!isText(type) || !isText(id) || type === '') throw new TypeError('There is no such instance.');
  return JSON.stringify([type, id]);
}

/** A right store of two methods. */
class MapStore {
  constructor({ rows }) {
    this.rows = rows;
  }
  async load(type, id) {
    return JSON.parse(this.rows.get(keyOf(type, id)) ?? 'null');
  }
  async persist(type, id, diff, full) {
    this.rows.set(keyOf(type, id), captureState(full, { type, id }));
  }
}

/** What each does in the rule B6, which is the first one to write `{}`. */
const deeds = {
  blocks: () => {
    for (;;);
  },
  exits: () => process.exit(0),
  crashes: () => process.abort(),
  'rejects late': () => void Promise.reject(new Error('nobody has this promise')),
};

class HostileStore extends MapStore {
  async persist(type, id, diff, full) {
    if (JSON.stringify(full) === '{}') deeds[how]();
    await super.persist(type, id, diff, full);
  }
}

if (how === 'exits at once') process.exit(7);
if (how === 'throws at once') throw new Error('no such driver');

const target = {
  name: how,
  createWorld: () => ({ rows: new Map() }),
  open: (world) => {
    if (how === 'cannot be opened') throw new Error('ECONNREFUSED');
    return how in deeds ? new HostileStore(world) : new MapStore(world);
  },
};

if (how === 'runs the suite') await runConformance(target, { only: 'B1' });

export default how === 'is no target'
  ? undefined
  : how === 'has no open'
    ? { ...target, open: 1 }
    : defineTarget(target);
