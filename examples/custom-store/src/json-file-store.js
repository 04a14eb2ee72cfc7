import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameOf } from './file-name-of.js';
import { jsonTextOf } from './json-text-of.js';

/** A Nasc store that keeps each instance in a JSON file. Two methods are all that a store needs. */
export class JsonFileStore {
  #folder;
  /** The last call of each instance that has one running. @type {Map<string, Promise<unknown>>} */
  #last = new Map();

  /** @param {string} folder where the files are; made if it is not there */
  constructor(folder) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
  }

  /**
   * @param {string} type
   * @param {string} id
   * @returns {Promise<any>} the last state persisted, or null
   */
  async load(type, id) {
    const file = join(this.#folder, fileNameOf(type, id));
    return this.#inOrder(file, () => readState(file));
  }

  /**
   * @param {string} type
   * @param {string} id
   * @param {Record<string, unknown>} _diff what changed; not needed here, since whole files are written
   * @param {any} full the state
   * @returns {Promise<void>}
   */
  async persist(type, id, _diff, full) {
    const file = join(this.#folder, fileNameOf(type, id));
    // Before the first await: the caller may change `full` as soon as this call returns.
    const text = jsonTextOf(full);
    await this.#inOrder(file, () => this.#replace(file, text));
  }

  /**
   * Run the calls of one instance one after the other, in the order in which they were made.
   *
   * @template T
   * @param {string} file
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  #inOrder(file, work) {
    // After the one before, whatever became of it: its caller has its error.
    const done = (this.#last.get(file) ?? Promise.resolve()).then(work, work);
    this.#last.set(file, done);
    const forget = () => {
      if (this.#last.get(file) === done) this.#last.delete(file);
    };
    done.then(forget, forget);
    return done;
  }

  /**
   * All or nothing, also for readers in other processes and in a power cut: the new file is complete
   * and on disk before it takes the name of the old one.
   *
   * @param {string} file
   * @param {string} text
   */
  async #replace(file, text) {
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      await writeToDisk(temporary, text);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(this.#folder);
  }
}

/** @param {string} file */
async function readState(file) {
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    // This alone means "never written". Were every failure null, the app would start the instance
    // anew and write over what is only unreadable at the moment.
    if (/** @type {{ code?: unknown }} */ (error).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is damaged: it holds no JSON.`, { cause });
  }
}

/**
 * @param {string} file
 * @param {string} text
 */
async function writeToDisk(file, text) {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The rename itself is on disk when the folder is. @param {string} folder */
async function syncFolder(folder) {
  if (process.platform === 'win32') return; // Folders cannot be opened there.
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
