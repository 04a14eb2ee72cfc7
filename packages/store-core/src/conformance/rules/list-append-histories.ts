import * as fc from 'fast-check';
import type { Write } from '../../store';
import { expectSame, expectThat, fail } from '../expect';
import { Inconclusive } from '../failure';
import { findCycle, type Observation } from '../list-append';
import type { Rule } from '../rule';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { turn } from '../turns';
import { sideBySide } from './side-by-side';
import { write } from './write';

const LISTS = ['x', 'y', 'z'] as const;

interface Step {
  readonly lists: readonly string[];
  /** Whether this is a transaction that appends to its lists, or reads of them one by one. */
  readonly append: boolean;
  readonly pause: boolean;
}

const steps = fc.record({
  lists: fc.shuffledSubarray([...LISTS], { minLength: 1 }),
  append: fc.constantFrom(true, true, false),
  pause: fc.boolean(),
});

const clients = fc.array(fc.array(steps, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 5 });

/** M8: transactions that append to several lists, in the way of Elle. */
export const listAppendRule: Rule = {
  id: 'M8',
  title: 'histories of commits that append to several lists have no cycles',
  needs: ['multi'],
  patience: 2,
  async check(t) {
    const handles = await t.pair();
    let count = 0;
    await sideBySide(t, clients, async (input) => {
      const history = new History(t, `m8-${count++}`);
      await Promise.all(input.map((plan, i) => history.run(handles[i % 2] as Subject, `t${i}`, plan)));
      await history.check(handles[0]);
    });
  },
};

class History {
  readonly #observations: Observation[] = [];
  readonly #acknowledged: [list: string, element: string][] = [];
  #clock = 0;
  #elements = 0;

  constructor(
    private readonly t: RuleContext,
    private readonly name: string,
  ) {}

  async run(store: Subject, client: string, plan: readonly Step[]): Promise<void> {
    for (const [i, { lists, append, pause }] of plan.entries()) {
      if (pause) await turn();
      if (append) await this.#append(store, `${client}.${i}`, lists);
      else for (const list of lists) await this.#read(store, `${client}.${i}`, list);
    }
  }

  async check(store: Subject): Promise<void> {
    const final = new Map<string, readonly string[]>();
    const lists = LISTS.map(async (list) => final.set(list, (await this.#load(store, list)).elements));
    await Promise.all(lists);
    const cause = 'The revs of a commit are compared in one step and its states written in another.';
    for (const [list, element] of this.#acknowledged) {
      const times = final.get(list)?.filter((each) => each === element).length ?? 0;
      const what = 'each acknowledged append must be in its list once';
      expectThat(times === 1, what, { got: `${element} ${times} times in ${list}`, cause });
    }
    for (const { label, seen } of this.#observations) {
      for (const [list, elements] of seen) {
        const prefix = final.get(list)?.slice(0, elements.length) ?? [];
        expectSame(prefix, elements, `what ${label} saw of ${list} must be a beginning of its end`, cause);
      }
    }
    const cycle = findCycle(this.#observations, final);
    if (cycle !== undefined) {
      fail('there must be one order of all commits and reads', {
        got: `a cycle: ${cycle.join(' → ')} → ${cycle[0]}`,
        cause,
      });
    }
  }

  async #append(store: Subject, name: string, lists: readonly string[]): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
      const seen = new Map<string, readonly string[]>();
      const appended = new Map<string, string>();
      const invoked = this.#clock++;
      const append = async (list: string): Promise<Write> => {
        const { elements, rev } = await this.#load(store, list);
        const element = `e${this.#elements++}`;
        seen.set(list, elements);
        appended.set(list, element);
        return write(`${this.name}-${list}`, { elements: [...elements, element] }, rev);
      };
      const writes = await Promise.all(lists.map(append));
      const error = await rejection(store.commit(writes));
      if (error === undefined) {
        const label = `${name} appends to ${lists.join()}`;
        this.#observations.push({ label, invoked, returned: this.#clock++, seen, appended });
        this.#acknowledged.push(...appended);
        return;
      }
      this.t.checkCode(error.value, ['STORE_CONFLICT', 'STORE_BUSY'], 'an append');
    }
    throw new Inconclusive('an append was refused 20 times');
  }

  async #read(store: Subject, name: string, list: string): Promise<void> {
    const invoked = this.#clock++;
    const { elements } = await this.#load(store, list);
    const label = `${name} reads ${elements.length} of ${list}`;
    const seen = new Map([[list, elements]]);
    this.#observations.push({ label, invoked, returned: this.#clock++, seen, appended: new Map() });
  }

  async #load(store: Subject, list: string): Promise<{ elements: string[]; rev: number }> {
    const loaded = await store.loadVersioned(DOC, `${this.name}-${list}`);
    return { elements: (loaded?.state.elements ?? []) as string[], rev: loaded?.rev ?? 0 };
  }
}
