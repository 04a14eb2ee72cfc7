import * as fc from 'fast-check';
import { AWKWARD_NAMES, HASH_TWINS, LOOKALIKES, NOT_NAMES } from './awkward-names';
import { expectSame, fail } from '../expect';
import { preview } from '../preview';
import { NAME_FAMILIES } from './name-families';
import { SPELLINGS } from './spellings';
import { bothWays } from '../both-ways';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { expectDistinct, expectNamesApart, type Key } from './expect-distinct';
import { sideBySide } from './side-by-side';
import { DOC, ITEM, LIST } from '../suite-schema';

/** Group I: type and id name an instance exactly as they are. */
export const identityRules: readonly Rule[] = bothWays([
  {
    id: 'I1',
    title: 'separators never join type and id',
    async check(t) {
      const cause =
        'The key is `type + separator + id`: keep them apart, or write the length of the type before it.';
      const expectApart = (separator: string): Promise<void> => {
        const keys: Key[] = [
          ['A', `B${separator}C`],
          [`A${separator}B`, 'C'],
          ['A', `${separator}C`],
          [`A${separator}`, 'C'],
          ['AB', 'C'],
          ['A', 'BC'],
          ['A', 'B'],
          [`A${separator}B${separator}C`, ''],
        ];
        return expectDistinct(t, keys, cause);
      };
      const separators = [':', '|', '/', '.', '#', '-', '_', '::', ' ', ',', '"'];
      await Promise.all(separators.map(expectApart));
      await expectDistinct(
        t,
        [
          ['A', 'B\u0000C'],
          ['A\u0000B', 'C'],
          ['A', '\u0000C'],
          ['A\u0000', 'C'],
          ['A', 'C'],
        ],
        cause,
        true,
      );
    },
  },
  {
    id: 'I2',
    title: 'upper and lower case are different',
    async check(t) {
      const cause = 'A collation, a file system or a table name folds case.';
      const names = AWKWARD_NAMES.letterCase;
      await expectNamesApart(t, names, cause);
    },
  },
  {
    id: 'I3',
    title: 'punctuation counts',
    async check(t) {
      const cause = 'Names are stripped of what is no letter, or are tidied as paths and UUIDs are.';
      const names = AWKWARD_NAMES.punctuation;
      await expectNamesApart(t, names, cause);
    },
  },
  {
    id: 'I4',
    title: 'white space counts',
    async check(t) {
      const cause = 'Names are trimmed, or compared as if they were padded.';
      const names = AWKWARD_NAMES.whiteSpace;
      await expectNamesApart(t, names, cause);
    },
  },
  {
    id: 'I5',
    title: 'composed and decomposed names, and those of characters alike, are different',
    async check(t) {
      for (const [names, cause] of [
        [AWKWARD_NAMES.composition, 'Names are normalised.'],
        [AWKWARD_NAMES.alike, 'A collation or an encoding takes characters for one another.'],
      ] as const) {
        await expectNamesApart(t, names, cause);
      }
    },
  },
  {
    id: 'I6',
    title: 'ids that look like numbers are strings',
    async check(t) {
      const cause = 'The id goes through a numeric column or an object with integer-like keys.';
      const names = AWKWARD_NAMES.numbers;
      await expectNamesApart(t, names, cause);
      if (typeof (await t.open()).raw.list === 'function') await expectListed(t, names);
    },
  },
  {
    id: 'I7',
    title: 'SQL, wildcards, paths and control characters are plain names',
    async check(t) {
      const cause = 'A name is pasted into a statement, a pattern or a path.';
      const names = AWKWARD_NAMES.statements;
      await expectDistinct(
        t,
        names.map((id) => [DOC, id] as const),
        cause,
        true,
      );
      await expectDistinct(
        t,
        names.map((type) => [type, 'x'] as const),
        cause,
        true,
      );
      await expectDistinct(
        t,
        [
          [DOC, '\u0000'],
          [DOC, 'a\u0000'],
          [DOC, 'a\u0000b'],
          [DOC, 'a'],
          [DOC, ''],
        ],
        cause,
        true,
      );
    },
  },
  {
    id: 'I8',
    title: 'names of Object.prototype are plain names',
    async check(t) {
      const cause = 'Instances are kept in plain objects: use a Map.';
      const names = AWKWARD_NAMES.prototype;
      const [store] = await t.pair();
      const checks = names.flatMap((name) => [
        t.expectLoad(store, name, null, { what: `load of the id ${name}, never written`, cause }),
        t.expectLoad(store, 'x', null, {
          type: name,
          what: `load of the type ${name}, never written`,
          cause,
        }),
        t.expectLoad(store, name, null, { type: name, what: `load of ${name} in ${name}`, cause }),
      ]);
      await Promise.all(checks);
      await expectDistinct(
        t,
        names.map((id) => [DOC, id] as const),
        cause,
      );
      await expectDistinct(
        t,
        names.flatMap((type) => names.map((id) => [type, id] as const)),
        cause,
      );
      if ('text' in {} || 'key' in {}) fail('Object.prototype must not be polluted', { cause });
    },
  },
  {
    id: 'I9',
    title: 'an empty id works, an empty type is refused',
    async check(t) {
      const cause = 'The id is tested for truth.';
      await expectDistinct(
        t,
        [
          [DOC, ''],
          [LIST, ''],
          [DOC, ' '],
          [DOC, '0'],
        ],
        cause,
      );
      const store = await t.open();
      for (const id of ['', 'x']) {
        await t.refused(store.load('', id), 'STORE_INVALID_KEY', 'load of an empty type');
        await t.refused(store.persist('', id, {}, {}), 'STORE_INVALID_KEY', 'persist to an empty type');
      }
    },
  },
  {
    id: 'I10',
    title: 'types and ids that are not well-formed strings are refused',
    async check(t) {
      const store = await t.open();
      for (const name of LOOKALIKES) {
        await store.persist(DOC, name, {}, { name });
      }
      const cause = 'The name is turned into a string.';
      for (const name of NOT_NAMES) {
        const shown = preview(name);
        await t.refused(
          store.load(DOC, name as string),
          'STORE_INVALID_KEY',
          `load of the id ${shown}`,
          cause,
        );
        await t.refused(
          store.load(name as string, 'x'),
          'STORE_INVALID_KEY',
          `load of the type ${shown}`,
          cause,
        );
        await t.refused(
          store.persist(DOC, name as string, {}, {}),
          'STORE_INVALID_KEY',
          `persist to the id ${shown}`,
          cause,
        );
        await t.refused(
          store.persist(name as string, 'x', {}, {}),
          'STORE_INVALID_KEY',
          `persist to the type ${shown}`,
          cause,
        );
        for (const [method, call] of Object.entries(furtherCalls(store, name as string))) {
          await t.refused(call(), 'STORE_INVALID_KEY', `${method} ${shown}`, cause);
        }
      }
      await t.expectLoad(store, 'x', { name: 'x' }, { what: 'what was there before the refusals', cause });
    },
  },
  {
    id: 'I11',
    title: 'long names work or are refused, and are never cut into a collision',
    async check(t) {
      const cause = 'A column, a file name or an index has a limit, and what is above it is cut.';
      const expectLong = async (length: number): Promise<void> => {
        const long = 'x'.repeat(length - 1);
        const half = 'x'.repeat(Math.floor(length / 2) - 1);
        const middles = [`${half}a${half}x`, `${half}b${half}x`];
        const ids = [`${long}a`, `${long}b`, long, `${long}aa`, `b${long}`, ...middles];
        await expectDistinct(
          t,
          ids.map((id) => [DOC, id] as const),
          cause,
          true,
        );
        if (length <= 1_024)
          await expectDistinct(
            t,
            ids.map((type) => [type, 'x'] as const),
            cause,
            true,
          );
      };
      await Promise.all([60, 64, 128, 255, 256, 1_024, 4_096, 65_536].map(expectLong));
    },
  },
  {
    id: 'I12',
    title: 'one id in two types is two instances',
    async check(t) {
      const cause = 'The type is not a part of the key, or one type is the beginning of another.';
      const types = [
        DOC,
        LIST,
        ITEM,
        `${DOC}s`,
        'Todo',
        'TodoList',
        'Todos',
        'todo',
        'todos',
        'conformance_docs',
        'A',
        'AA',
      ];
      await expectDistinct(
        t,
        types.flatMap((type) => ['1', 'x', ''].map((id) => [type, id] as const)),
        cause,
      );
      const store = await t.open();
      const together = await Promise.all(types.map((type) => store.load(type, '1')));
      for (const [i, type] of types.entries())
        await t.expectLoad(store, '1', together[i], {
          type,
          what: 'load, alone and beside loads of other types',
          cause,
        });
      if (typeof store.raw.remove !== 'function') return;
      await store.remove(DOC, '1');
      await t.expectLoad(store, '1', null, { type: DOC, what: 'load after remove' });
      for (const type of types.slice(1)) {
        if ((await store.load(type, '1')) === null) fail('a removal must not touch another type', { cause });
      }
    },
  },
  {
    id: 'I13',
    title: 'generated names, SQL words as types, and names of the same hash are distinct',
    async check(t) {
      const cause = 'Two names meet in one key, or a name is not quoted.';
      const words = AWKWARD_NAMES.reserved;
      await expectDistinct(
        t,
        words.map((type) => [type, 'x'] as const),
        cause,
      );
      await expectDistinct(
        t,
        HASH_TWINS.flatMap((name) => [[DOC, name] as const, [name, 'x'] as const]),
        'Instances are found by a hash of their name, and the name is not compared.',
      );
      const separators = [...' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'];
      await expectDistinct(
        t,
        separators.flatMap(
          (by) =>
            [
              [`Ta${by}b`, 'c'],
              ['Ta', `b${by}c`],
            ] as const,
        ),
        cause,
      );
      // Names that meet if type and id are joined by this separator, or by none.
      const part = fc.string({ unit: 'grapheme', maxLength: 3 });
      const separator = fc.string({ unit: fc.constantFrom(...separators, '0', 's', 'é'), maxLength: 2 });
      let count = 0;
      const expectApart = async ([a, b, c, by]: [string, string, string, string]): Promise<void> => {
        // Inputs that are checked side by side have no names in common.
        const start = `T${String(count++).padStart(4, '0')}`;
        const whole = `${start}${a}${by}${b}${by}${c}`;
        const ends = [a.length, a.length + by.length + b.length].map((at) => at + start.length);
        const keys = ends.map((at) => [whole.slice(0, at), whole.slice(at + by.length)] as const);
        await expectDistinct(t, [...keys, [start + a, c], [start + b, c], [start + a, '']], cause);
      };
      await sideBySide(t, fc.tuple(part, part, part, separator), expectApart, 4);
    },
  },
  {
    id: 'I14',
    title: 'names that a format, a collation or a column would rewrite are names as they are',
    async check(t) {
      const cause =
        'Names are brought into a canonical form, such as that of UUIDs, links, numbers or paths.';
      const ids = [...new Set(NAME_FAMILIES.flat())];
      await expectDistinct(
        t,
        ids.map((id) => [DOC, id] as const),
        cause,
      );
      // A type may cost a table.
      await expectDistinct(
        t,
        SPELLINGS.qualified.map((type) => [type, 'x'] as const),
        cause,
      );
    },
  },
]);

/** What else takes a name, where the store has it. */
function furtherCalls(store: Subject, name: string): Record<string, () => Promise<unknown>> {
  return {
    ...(typeof store.raw.remove === 'function' && {
      'remove of the id': () => store.remove(DOC, name),
      'remove of the type': () => store.remove(name, 'x'),
    }),
    ...(typeof store.raw.list === 'function' && { 'list of the type': () => store.list(name) }),
  };
}

async function expectListed(t: RuleContext, ids: readonly string[]): Promise<void> {
  const store = await t.open();
  const listed = await store.list(DOC, { limit: 1_000 });
  expectSame(listed.toSorted(), ids.toSorted(), 'the ids that list gives', 'Ids are converted on the way.');
}
