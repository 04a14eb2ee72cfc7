import { didYouMean } from './did-you-mean';
import { isJsonObject } from './is-json-object';

/** Longest part of a name that a message repeats. */
const MAX_SHOWN = 50;

/**
 * Refuse options with a misspelt name: the default would stay in force without a word.
 *
 * @param options what the caller passed as its options.
 * @param known the names of the options, each of which can be absent.
 * @throws TypeError that names the first unknown option, the one that was probably meant, and all there are.
 */
export function checkOptions(options: unknown, known: readonly string[]): void {
  if (!isJsonObject(options)) throw new TypeError('Options must be an object.');
  const [unknown] = unknownOptions(options, known);
  if (unknown !== undefined) throw new TypeError(unknown);
}

/**
 * What to say about each unknown option; empty when all are known.
 *
 * @param path where the options are within others, for example `"ssr."`.
 */
export function unknownOptions(options: object, known: readonly string[], path = ''): string[] {
  const names = known.map((name) => path + name);
  return Object.keys(options)
    .filter((name) => !known.includes(name))
    .map((name) => unknownName('option', path + name, names));
}

/**
 * The sentences about one unknown name: what it is, which was probably meant, which there are.
 *
 * @param of where it was found, for example `writes[0]`.
 */
export function unknownName(
  what: keyof typeof HEADING,
  name: string,
  known: readonly string[],
  of?: string,
): string {
  const shown = name.slice(0, MAX_SHOWN);
  const place = of === undefined ? '' : ` of ${of}`;
  return [
    `Unknown ${what} ${JSON.stringify(shown)}${place}.`,
    ...[didYouMean(shown, known)].filter((sentence) => sentence !== undefined),
    `${HEADING[what]}: ${known.join(', ')}.`,
  ].join(' ');
}

/** What goes before the known names. */
const HEADING = { option: 'Options', property: 'Properties' };
