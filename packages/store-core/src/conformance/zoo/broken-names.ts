import type { ReferenceWorld } from './reference-world';
import { NAMES } from './broken-event-ids';
import { ReferenceStore } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

/** A store that finds its rows by names that it has rewritten. */
function naming(
  rename: (type: string, id: string) => [string, string],
): new (world: ReferenceWorld) => ReferenceStore {
  return class extends ReferenceStore {
    protected override rowKey(type: string, id: string): string {
      return JSON.stringify(rename(type, id));
    }
  };
}

/** Rewrites of ids that event ids do not have. */
const IDS: readonly (readonly [name: string, rename: (id: string) => string])[] = [
  ['ids that are links have one form', (id) => (/^https?:/i.test(id) ? new URL(id).href : id)],
  ['ids that are links have no fragment', (id) => (/^https?:/i.test(id) ? id.split('#')[0] || id : id)],
  [
    'ids that are links have sorted parameters',
    (id) => (id.includes('?') ? id.replace(/\?.*/, (query) => [...query].sort().join('')) : id),
  ],
  ['the domain of e-mail addresses has no case', (id) => id.replace(/@.*/, (domain) => domain.toLowerCase())],
  ['e-mail addresses have no tags', (id) => id.replace(/\+[^@]*@/, '@')],
  ['e-mail addresses have no dots', (id) => id.replace(/^[^@]*@/, (local) => local.replaceAll('.', ''))],
  ['addresses have no leading zeros', (id) => id.replace(/\b0+(?=\d)/g, '')],
  ['IPv6 addresses have no case', (id) => (/^[0-9a-f:]+$/i.test(id) ? id.toLowerCase() : id)],
  ['phone numbers are digits', (id) => (/^\+?[\d\s()-]{8,}$/.test(id) ? id.replace(/\D/g, '') : id)],
  ['dates have no zeros', (id) => id.replace(/-0(\d)/g, '-$1')],
  ['dates have no hyphens', (id) => (/^\d{4}-\d\d-\d\d$/.test(id) ? id.replaceAll('-', '') : id)],
  ['file names have no trailing dots', (id) => id.replace(/(?<=.)\.+$/, '')],
  ['file names have no extension', (id) => id.replace(/(?<=.)\.(txt|json|tmp)$/i, '')],
  ['device names are escaped alike', (id) => (/^(con|nul|aux|com1)(\..*)?$/i.test(id) ? 'device' : id)],
  ['quotes are straight', (id) => id.replace(/[“”«»]/g, '"').replace(/[‘’]/g, "'")],
  ['dashes are hyphens', (id) => id.replace(/[–—‐‑−]/g, '-')],
  ['dots are one character', (id) => id.replaceAll('...', '…')],
  ['slashes are one character', (id) => id.replace(/[⁄∕]/g, '/')],
  ['a backslash is a slash', (id) => id.replaceAll('\\', '/')],
  ['the host of a link has no www', (id) => id.replace(/^www\./, '')],
];

/** Rewrites of types. */
const TYPES: readonly (readonly [name: string, rename: (type: string) => string])[] = [
  ['a type has no schema before its dot', (type) => type.split('.').at(-1) || type],
  ['types are plural already', (type) => type.replace(/(es|s)$/, '') || type],
  [
    'types are in snake case',
    (type) => type.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  ],
  ['types have no underscores', (type) => type.replaceAll('_', '') || type],
  ['hyphens of types are underscores', (type) => type.replaceAll('-', '_')],
  ['dots of types are underscores', (type) => type.replaceAll('.', '_')],
  ['types have no quotes', (type) => type.replaceAll('"', '') || type],
  ['types have no numbers at their end', (type) => type.replace(/\d+$/, '') || type],
  ['types begin with a capital', (type) => type.slice(0, 1).toUpperCase() + type.slice(1)],
];

/** Broken in ways of I14: names are brought into a canonical form. */
export const brokenNames: readonly BrokenStore[] = [
  ...NAMES.map(([name, rename]) =>
    broken(
      'I14',
      name.replace('event ids', 'ids'),
      naming((type, id) => [type, rename(id)]),
    ),
  ),
  ...IDS.map(([name, rename]) =>
    broken(
      'I14',
      name,
      naming((type, id) => [type, rename(id)]),
    ),
  ),
  ...TYPES.map(([name, rename]) =>
    broken(
      'I14',
      name,
      naming((type, id) => [rename(type), id]),
    ),
  ),
];
