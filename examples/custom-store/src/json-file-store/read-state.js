// @ts-check
import { readFile } from 'node:fs/promises';

/**
 * The state that a file holds, or null where there is no such file.
 *
 * @param {string} file
 * @returns {Promise<any>}
 */
export async function readState(file) {
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    // This alone means "never written". Were every failure null, the app would start the instance
    // anew, and write over what only cannot be read at the moment.
    if (/** @type {{ code?: unknown }} */ (error).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is damaged: it holds no JSON.`, { cause });
  }
}
