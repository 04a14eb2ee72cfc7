import { isPlainObject, onStrings, renamingKeys, reviving } from './broken-values';
import { broken, type BrokenStore } from './zoo-target';

type State = Record<string, unknown>;

/** A store that reads texts of a pattern as something else. */
const reading = (pattern: RegExp, read: (text: string) => unknown) =>
  onStrings((text) => (pattern.test(text) ? read(text) : text));

/** A store that does something to each object. */
const onObjects = (change: (object: State) => unknown) =>
  reviving((_, value) => (isPlainObject(value) ? change(value) : value));

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': '\u00a0',
};

const toSeconds = (text: string) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

function without(object: State, ...names: readonly string[]): State {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !names.includes(key)));
}

/** Broken in ways of group V, by a format that the text of a state goes through. */
export const brokenFormats: readonly BrokenStore[] = [
  broken('V19', 'lines end in LF', onStrings((text) => text.replace(/\r\n?/g, '\n'))), // prettier-ignore
  broken('V19', 'next line is a line end', onStrings((text) => text.replaceAll('\u0085', '\n'))), // prettier-ignore
  broken('V13', 'lines of keys end in LF', renamingKeys((key) => key.replace(/\r\n?/g, '\n'))), // prettier-ignore
  broken('V19', 'a last line end is cut', onStrings((text) => text.replace(/([^\n])\n$/, '$1'))), // prettier-ignore
  broken('V19', 'clock times are sexagesimal', reading(/^\d+(:[0-5]\d)+$/, toSeconds)),
  broken('V19', 'thousands have separators', reading(/^\d{1,3}([,_]\d{3})+$/, (text) => Number(text.replace(/[,_]/g, '')))), // prettier-ignore
  broken(
    'V19',
    'percent is a number',
    reading(/^\d+%$/, (text) => parseFloat(text) / 100),
  ),
  broken(
    'V19',
    'currency is a number',
    reading(/^\$[\d.,]+$/, (text) => Number(text.replace(/[$,]/g, ''))),
  ),
  broken(
    'V19',
    'data URIs are decoded',
    reading(/^data:.*;base64,/, (text) => atob(text.split(',')[1] ?? '')),
  ),
  broken('V19', 'question marks are placeholders', onStrings((text) => text.replace(' ? ', ' NULL '))), // prettier-ignore
  broken(
    'V19',
    'names after @ are parameters',
    reading(/^@name$/, () => null),
  ),
  broken('V19', 'templates are filled in', onStrings((text) => text.replace(/\{\{\s*\w+\s*\}\}/g, ''))), // prettier-ignore
  broken('V19', 'entities are read', onStrings((text) => text.replace(/&\w+;/g, (name) => ENTITIES[name] ?? name))), // prettier-ignore
  broken('V19', 'short codes are emoji', onStrings((text) => text.replaceAll(':smile:', '😄'))), // prettier-ignore
  broken('V19', 'backslashes escape', onStrings((text) => text.replace(/\\([nt])/g, (_, c) => (c === 'n' ? '\n' : '\t')))), // prettier-ignore
  broken('V19', 'tabs are spaces', onStrings((text) => text.replace(/(\w)\t(\w)/g, '$1    $2'))), // prettier-ignore
  broken('V19', 'zero-width characters are cut', onStrings((text) => text.replace(/(\w)[\u200b-\u200d](\w)/g, '$1$2'))), // prettier-ignore
  broken(
    'V19',
    'a byte order mark is cut',
    reading(/^\ufeffa$/, (text) => text.slice(1)),
  ),
  broken('V19', 'binary and octal numerals are numbers', reading(/^0[bo][0-7]+$/, Number)),
  broken('V19', 'numbers may begin or end with a point', reading(/^(\.\d+|\d+\.)$/, Number)),
  broken('V19', 'a plus sign is dropped', reading(/^\+\d+$/, Number)),
  broken(
    'V19',
    'nil is null',
    reading(/^(nil|none)$/i, () => null),
  ),
  broken(
    'V19',
    'durations are milliseconds',
    reading(/^PT\d+M$/, (text) => parseInt(text.slice(2), 10) * 60_000),
  ),
  broken('V19', 'percent codes are decoded', onStrings((text) => text.replace(/%2[05BF]/gi, decodeURIComponent))), // prettier-ignore
  broken(
    'V19',
    'a formula is prefixed',
    reading(/^[=@]\w*[(+\d]/, (text) => `'${text}`),
  ),
  broken(
    'V19',
    'URLs are normalised',
    reading(/^https?:\/\//i, (text) => new URL(text).href),
  ),
  broken('V13', '`_ts` and `_etag` are the store’s', onObjects((object) => without(object, '_ts', '_etag'))), // prettier-ignore
  broken('V13', '`__typename` is left out', onObjects((object) => without(object, '__typename'))), // prettier-ignore
  broken('V13', '`@type` is a class', onObjects((object) => without(object, '@type'))), // prettier-ignore
  broken('V13', '`#text` is the value', onObjects((object) => (typeof object['#text'] === 'string' ? object['#text'] : object))), // prettier-ignore
  broken('V13', '`_source` is the state', onObjects((object) => ('_source' in object && isPlainObject(object._source) ? object._source : object))), // prettier-ignore
  broken('V13', '`objectId` is a text', onObjects((object) => (typeof object.objectId === 'number' ? { ...object, objectId: String(object.objectId) } : object))), // prettier-ignore
  broken('V13', 'keys are trimmed', renamingKeys((key) => (/^ ?id ?$/.test(key) ? key.trim() : key))), // prettier-ignore
  broken('V15', 'arrays of arrays are flat', reviving((_, value) => (Array.isArray(value) && value.length > 0 && value.every(Array.isArray) ? value.flat() : value))), // prettier-ignore
  broken('V18', 'a text has at most 65,535 characters', onStrings((text) => (text.length < 70_000 ? text.slice(0, 65_535) : text))), // prettier-ignore
  broken('V18', 'reads a thousand items', reviving((_, value) => (Array.isArray(value) && value.length === 1_000 ? value.slice(0, 999) : value))), // prettier-ignore
];
