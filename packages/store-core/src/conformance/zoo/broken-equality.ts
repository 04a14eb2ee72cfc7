import { leaving, skipping } from './broken-updates';
import { broken, type BrokenStore } from './zoo-target';

/** A store that writes nothing where something made of the text is the same. */
const comparing = (make: (text: string) => unknown) =>
  skipping((text, before) => before !== '' && make(text) === make(before));

/** A store that writes nothing where something made of the state is the same. */
const comparingStates = (make: (state: Record<string, unknown>) => unknown) =>
  comparing((text) => make(JSON.parse(text) as Record<string, unknown>));

const hash = (text: string, factor: number) =>
  Array.from(text).reduce((sum, char) => (Math.imul(sum, factor) + (char.codePointAt(0) ?? 0)) | 0, 0);

/** Without the order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}

/** CRC-32, bit by bit. */
function crc32(text: string): number {
  let crc = -1;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return crc;
}

function adler(text: string): string {
  let [sum, weighted] = [1, 0];
  for (const char of text) weighted += sum += char.codePointAt(0) ?? 0;
  return `${sum % 65_521} ${weighted % 65_521}`;
}

const same = (make: (value: unknown) => unknown) => leaving((now, before) => make(now) === make(before));

/** A value's version, or the value where it has none. */
const versionOr = (name: string, make: (state: Record<string, unknown>) => unknown = JSON.stringify) =>
  comparingStates((state) => (typeof state[name] === 'number' ? state[name] : make(state)));

/** Broken in what is taken for equal to what is there, and not written. */
export const brokenEquality: readonly BrokenStore[] = [
  broken('D3', 'compares the sums of the characters', comparing((text) => hash(text, 1))), // prettier-ignore
  broken('D3', 'compares the sums of 31', comparing((text) => hash(text, 31))), // prettier-ignore
  broken('D3', 'compares the sums of 33', comparing((text) => hash(text, 33))), // prettier-ignore
  broken('D3', 'compares CRC-32', comparing(crc32)),
  broken('D3', 'compares Adler-32', comparing(adler)),
  broken('D3', 'compares eight bits of a hash', comparing((text) => hash(text, 131) & 255)), // prettier-ignore
  broken('D3', 'compares lengths', comparing((text) => text.length)), // prettier-ignore
  broken('D3', 'compares with sorted keys', comparing((text) => JSON.stringify(sorted(JSON.parse(text))))), // prettier-ignore
  broken('D3', 'compares sorted characters', comparing((text) => Array.from(text).sort().join(''))), // prettier-ignore
  broken('D3', 'compares without case', comparing((text) => text.toLowerCase())), // prettier-ignore
  broken('D3', 'compares composed text', comparing((text) => text.normalize('NFKC'))), // prettier-ignore
  broken('D3', 'compares without accents', comparing((text) => text.normalize('NFD').replace(/\p{M}/gu, ''))), // prettier-ignore
  broken('D3', 'compares without blanks', comparing((text) => text.replace(/\s/g, ''))), // prettier-ignore
  broken('D3', 'compares words only', comparing((text) => text.replace(/[^\w{}[\]":,.\u0080-\uffff]/g, ''))), // prettier-ignore
  broken('D3', 'compares the names of keys', comparingStates((state) => Object.keys(state).join() + typeof state.nested)), // prettier-ignore
  broken('D3', 'compares `rev`', versionOr('rev')),
  broken('D3', 'compares `updatedAt`', versionOr('updatedAt')),
  broken('D3', 'compares `__v`', versionOr('__v')),
  broken('D3', 'compares numbers of 32 bits', comparing((text) => JSON.stringify(JSON.parse(text, (_, value: unknown) => (typeof value === 'number' ? Math.fround(value) : value))))), // prettier-ignore
  broken('D3', 'compares integers of 32 bits', comparing((text) => JSON.stringify(JSON.parse(text, (_, value: unknown) => (Number.isInteger(value) ? (value as number) | 0 : value))))), // prettier-ignore
  broken('D3', 'compares with two decimals', comparing((text) => JSON.stringify(JSON.parse(text, (_, value: unknown) => (typeof value === 'number' ? value.toFixed(2) : value))))), // prettier-ignore
  broken('D3', 'compares properties by their text', same(String)),
  broken('D3', 'compares properties by their truth', leaving((now, before) => !now && !before)), // prettier-ignore
  broken('D3', 'compares arrays by their length', leaving((now, before) => Array.isArray(now) && Array.isArray(before) && now.length === before.length)), // prettier-ignore
  broken('D3', 'compares instants', leaving((now, before) => typeof now === 'string' && typeof before === 'string' && Date.parse(now) === Date.parse(before))), // prettier-ignore
  broken('D3', 'compares flattened arrays', leaving((now, before) => Array.isArray(now) && Array.isArray(before) && now.flat(9).join() === before.flat(9).join())), // prettier-ignore
];
