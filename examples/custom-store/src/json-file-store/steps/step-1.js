import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameOf } from '../file-name-of.js';
import { readState } from '../read-state.js';

export class Step1 {
  constructor(folder) {
    this.folder = folder;
  }

  async load(type, id) {
    return readState(join(this.folder, fileNameOf(type, id)));
  }

  async persist(type, id, diff, full) {
    const before = (await this.load(type, id)) ?? full;
    const file = join(this.folder, fileNameOf(type, id));
    await writeFile(file, JSON.stringify({ ...before, ...diff }));
  }
}
