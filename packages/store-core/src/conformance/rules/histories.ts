import * as fc from 'fast-check';
import type { CommitResult, JsonObject } from '../../index';
import type { Rule } from '../rule';
import { rejection, type RuleContext } from '../rule-context';
import { expectLinearizable, recordHistory, type Delay, type Step } from '../record-history';
import { sideBySide } from './side-by-side';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';

/** An instance as the model has it: its value, `null` when absent, and the last rev taken. */
interface Register {
  readonly value: number | null;
  readonly rev: number;
}

const ABSENT: Register = { value: null, rev: 0 };

type Kind = 'load' | 'persist' | 'read' | 'swap' | 'create' | 'write' | 'remove';

interface Plan {
  readonly kind: Kind;
  readonly delay: Delay;
}

const keyOf = ({ value, rev }: Register): string => `${value}@${rev}`;

function plans(...kinds: Kind[]): fc.Arbitrary<Plan[][]> {
  const plan = fc.record({ kind: fc.constantFrom(...kinds), delay: fc.constantFrom<Delay>(0, 0, 1, 2) });
  return fc.array(fc.array(plan, { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 5 });
}

/** C6: values only. */
export const historyRule: Rule = {
  id: 'C6',
  title: 'what happens between two handles is linearizable',
  needs: ['capabilities'],
  patience: 2,
  async check(t) {
    const cause = 'A handle reads from a cache of its own, or a write is acknowledged before it is made.';
    await checkHistories(t, plans('load', 'load', 'persist', 'write', 'remove'), cause);
  },
};

/** R12: values, revs and conflicts. */
export const casHistoryRule: Rule = {
  id: 'R12',
  title: 'commits with ifRev from two handles are linearizable',
  needs: ['capabilities'],
  patience: 2,
  async check(t) {
    const cause =
      'Either the rev is compared in one step and the state written in another, or a commit is made twice: blindly retried, or left in an open transaction.';
    await checkHistories(t, plans('read', 'swap', 'swap', 'create', 'write', 'persist', 'remove'), cause);
  },
};

async function checkHistories(t: RuleContext, clients: fc.Arbitrary<Plan[][]>, cause: string): Promise<void> {
  const handles = await t.pair();
  let count = 0;
  const check = async (input: readonly (readonly Plan[])[]): Promise<void> => {
    const id = `history-${count++}`;
    let value = 0;
    const steps = input.map((client, i) => {
      const actor = new Actor(t, handles[i % 2] as Subject, `client${i}`, id);
      return client.map(({ kind, delay }): Step<Register> => ({
        delay,
        run: () => actor.run(kind, ++value),
      }));
    });
    const history = await recordHistory(steps);
    expectLinearizable(ABSENT, history, keyOf, cause);
  };
  await sideBySide(t, clients, check);
}

type Did = Awaited<ReturnType<Step<Register>['run']>>;

/** One client of one instance: it remembers the rev that it saw last. */
class Actor {
  #seen = 0;

  constructor(
    private readonly t: RuleContext,
    private readonly store: Subject,
    private readonly name: string,
    private readonly id: string,
  ) {}

  async run(kind: Kind, value: number): Promise<Did> {
    switch (kind) {
      case 'load':
        return this.#load();
      case 'read':
        return this.#read();
      case 'persist':
        return this.#persist(value);
      case 'swap':
        return this.#commit(value, this.#seen);
      case 'create':
        return this.#commit(value, 0);
      case 'write':
        return this.#commit(value, undefined);
      case 'remove':
        return this.#commit(null, undefined);
    }
  }

  async #load(): Promise<Did> {
    const seen = (await this.store.load(DOC, this.id)) as { value: number } | null;
    const value = seen?.value ?? null;
    const label = `${this.name}.load → ${value}`;
    return { label, apply: (state) => (state.value === value ? state : undefined) };
  }

  async #read(): Promise<Did> {
    const loaded = await this.store.loadVersioned(DOC, this.id);
    const value = loaded === null ? null : (loaded.state.value as number);
    const rev = loaded?.rev ?? 0;
    this.#seen = rev;
    return {
      label: `${this.name}.loadVersioned → ${value} at rev ${rev}`,
      apply: (state) => (state.value === value && (value === null || state.rev === rev) ? state : undefined),
    };
  }

  async #persist(value: number): Promise<Did> {
    const error = await rejection(this.store.persist(DOC, this.id, {}, { value }));
    const label = `${this.name}.persist(${value})`;
    if (error !== undefined) return this.#unknown(error.value, label, value);
    return { label, apply: ({ rev }) => ({ value, rev: rev + 1 }) };
  }

  async #commit(value: number | null, ifRev: number | undefined): Promise<Did> {
    const full: JsonObject | null = value === null ? null : { value };
    const committing = this.store.commit([{ type: DOC, id: this.id, diff: {}, full, ifRev }]);
    const error = await rejection(committing);
    const label = `${this.name}.commit(${value}${ifRev === undefined ? '' : `, ifRev ${ifRev}`})`;
    if (error === undefined) return this.#committed(await committing, label, value, ifRev);
    if (!this.t.isCode(error.value, 'STORE_CONFLICT')) return this.#unknown(error.value, label, value);
    const { actual } = error.value as { actual?: number };
    this.#seen = actual ?? 0;
    return {
      label: `${label} → conflict, actual ${actual}`,
      apply: (state) => (actualOf(state) === actual && actual !== ifRev ? state : undefined),
    };
  }

  #committed({ revs }: CommitResult, label: string, value: number | null, ifRev: number | undefined): Did {
    const [rev] = revs;
    if (value !== null) this.#seen = rev ?? 0;
    return {
      label: `${label} → rev ${rev}`,
      apply: (state) => {
        if (ifRev !== undefined && actualOf(state) !== ifRev) return undefined;
        if (value === null && state.value === null) return rev === 0 ? state : undefined;
        return rev === state.rev + 1 ? { value, rev } : undefined;
      },
    };
  }

  /** Busy, or uncertain: it may take effect at any time, or never. Anything else is not allowed. */
  #unknown(error: unknown, label: string, value: number | null): Did {
    this.t.checkCode(error, ['STORE_BUSY', 'STORE_UNCERTAIN'], label);
    return { label: `${label} → unknown`, unknown: true, apply: ({ rev }) => ({ value, rev: rev + 1 }) };
  }
}

function actualOf({ value, rev }: Register): number {
  return value === null ? 0 : rev;
}
