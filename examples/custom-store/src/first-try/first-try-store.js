import { readFile, writeFile } from 'node:fs/promises';

/** The store that everybody writes first. It works in a demo; see what the suite says to it. */
export class FirstTryStore {
  constructor(folder) {
    this.folder = folder;
  }

  async load(type, id) {
    try {
      return JSON.parse(await readFile(`${this.folder}/${type}:${id}.json`, 'utf8'));
    } catch {
      return undefined;
    }
  }

  async persist(type, id, diff, full) {
    const before = await this.load(type, id);
    const next = before ? { ...before, ...diff } : full;
    await writeFile(`${this.folder}/${type}:${id}.json`, JSON.stringify(next));
  }
}
