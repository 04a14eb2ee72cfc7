import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameOf } from '../file-name-of.js';
import { Step1 } from './step-1.js';

export class Step2 extends Step1 {
  async persist(type, id, _diff, full) {
    const file = join(this.folder, fileNameOf(type, id));
    await writeFile(file, JSON.stringify(full));
  }
}
