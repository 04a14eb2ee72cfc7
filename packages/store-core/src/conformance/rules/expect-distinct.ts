import { exactText } from '../exact-text';
import { expectSame } from '../expect';
import { preview } from '../preview';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { inBatches } from './in-batches';
import { persistIfHeld } from './persist-if-held';

export type Key = readonly [type: string, id: string];

/**
 * Each key, written with a state of its own, must load exactly that, before and after the others.
 *
 * @param mayRefuse whether the store can refuse a key instead; it must then refuse to load it, too. Default: where the
 *   contract allows it.
 */
export async function expectDistinct(
  t: RuleContext,
  keys: readonly Key[],
  cause: string,
  mayRefuse?: boolean,
): Promise<void> {
  const [store, other] = await t.pair();
  const unique = [...new Map(keys.map((key) => [exactText(key), key])).values()];
  const states = unique.map(([type, id], i) => ({ key: [shown(type), shown(id)], i }));
  const written = await Promise.all(
    unique.map(([type, id], i) => persistIfHeld(t, store, id, states[i] ?? {}, { type, mayRefuse })),
  );
  const expectFound = async (handle: Subject, i: number): Promise<void> => {
    const [type, id] = unique[i] as Key;
    const what = `load of (${preview(type, 60)}, ${preview(id, 60)})`;
    if (written[i] === true) await t.expectLoad(handle, id, states[i], { type, what, cause });
    else await expectAbsent(handle, type, id, what);
  };
  await inBatches(
    [...unique.keys()],
    (i) => Promise.all([expectFound(store, i), expectFound(other, i)]),
    200,
  );
}

async function expectAbsent(store: Subject, type: string, id: string, what: string): Promise<void> {
  const loading = store.load(type, id);
  if ((await rejection(loading)) === undefined) {
    expectSame(await loading, null, `${what}, which was refused when it was written`);
  }
}

/** A name for a state, without what only names have to hold: the state must not be refused before the name. */
function shown(name: string): string {
  return name.slice(0, 60).replace(/[^ -~]/gu, (character) => `U+${character.codePointAt(0)?.toString(16)}`);
}

/** Each name must be one of its own, as an id and as a type. */
export async function expectNamesApart(
  t: RuleContext,
  names: readonly string[],
  cause: string,
): Promise<void> {
  const [ids, types] = [names.map((id) => [DOC, id] as const), names.map((type) => [type, 'x'] as const)];
  await Promise.all([ids, types].map((keys) => expectDistinct(t, keys, cause)));
}
