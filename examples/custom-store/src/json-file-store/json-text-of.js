// @ts-check
/** Deeper ones would run JSON.stringify out of stack, at a depth that differs from call to call. */
const MAX_DEPTH = 1_024;

/**
 * The JSON text of a state. Refuses what JSON.stringify would change or lose without a word: NaN and
 * an item that is undefined become null, a Date a string, a Map {}, a function nothing.
 *
 * @param {unknown} state
 * @returns {string}
 */
export function jsonTextOf(state) {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) {
    throw new TypeError('A state is an object.');
  }
  check(state, '', new Set());
  return JSON.stringify(state);
}

/**
 * @param {unknown} value
 * @param {string} path where it is, as a JSON Pointer
 * @param {Set<object>} above the objects that it is in
 */
function check(value, path, above) {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (Number.isFinite(value)) return;
  if (typeof value !== 'object') throw refusal(path, typeof value === 'number' ? `${value}` : typeof value);
  if (!isPlain(value)) throw refusal(path, 'an instance of a class');
  if (above.has(value)) throw refusal(path, 'inside itself');
  if (above.size === MAX_DEPTH) throw refusal(path.slice(0, 100), `deeper than ${MAX_DEPTH} levels`);
  above.add(value);
  const keys = Reflect.ownKeys(value);
  if (Array.isArray(value)) {
    // The keys of an array without holes and names are 0, 1, 2, …, length.
    keys.pop();
    if (keys.length !== value.length || keys.some((key, i) => key !== `${i}`)) {
      throw refusal(path, 'an array with holes or named properties');
    }
  }
  for (const key of keys) {
    const { enumerable, value: child, get, set } = Object.getOwnPropertyDescriptor(value, key) ?? {};
    if (typeof key === 'symbol' || !enumerable || get || set) {
      throw refusal(`${path}/${String(key)}`, 'a hidden, symbol or computed property');
    }
    // A property that is undefined is absent; in an array there is no such thing.
    if (child !== undefined || Array.isArray(value)) check(child, `${path}/${key}`, above);
  }
  above.delete(value);
}

/**
 * Not `instanceof Object`: each realm (an iframe, a vm, a test of Jest) has an Object of its own.
 *
 * @param {object} value
 */
function isPlain(value) {
  let steps = 0;
  for (let at = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) steps++;
  return Array.isArray(value) ? steps === 2 : steps <= 1;
}

/**
 * @param {string} path
 * @param {string} what
 */
function refusal(path, what) {
  return new TypeError(`The state at ${path || 'its root'} is ${what}, which JSON cannot keep.`);
}
