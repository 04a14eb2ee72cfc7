import { readFile, writeFile } from 'node:fs/promises';

export class FirstTry {
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
    const before = (await this.load(type, id)) ?? full;
    await writeFile(`${this.folder}/${type}:${id}.json`, JSON.stringify({ ...before, ...diff }));
  }
}
