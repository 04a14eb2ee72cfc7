// @ts-check
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CallOrder } from './call-order.js';
import { fileNameOf } from './file-name-of.js';
import { jsonTextOf } from './json-text-of.js';
import { readState } from './read-state.js';
import { replaceFile } from './replace-file.js';

/** A Nasc store that keeps each instance in a JSON file. Two methods are all that a store needs. */
export class JsonFileStore {
  #folder;
  #order = new CallOrder();

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
    return this.#order.run(file, () => readState(file));
  }

  /**
   * @param {string} type
   * @param {string} id
   * @param {Record<string, unknown>} _diff what changed; whole files are written, so `full` is enough
   * @param {any} full the state
   * @returns {Promise<void>}
   */
  async persist(type, id, _diff, full) {
    const file = join(this.#folder, fileNameOf(type, id));
    // Before the first await: the caller may change `full` as soon as this call returns.
    const text = jsonTextOf(full);
    await this.#order.run(file, () => replaceFile(file, text));
  }
}
