import { changes } from './changes.ts';
import { engine } from './engine.ts';
import type { Group } from './group.ts';
import { growth } from './growth.ts';
import { load } from './load.ts';
import { mapped } from './mapped.ts';
import { memory } from './memory.ts';
import { opening } from './opening.ts';
import { parallel } from './parallel.ts';
import { persist } from './persist.ts';

/** In the order in which they run. Memory first: it is weighed before others have filled the heap. */
export const allGroups: readonly Group[] = [
  memory,
  persist,
  changes,
  load,
  parallel,
  mapped,
  growth,
  engine,
  opening,
];
