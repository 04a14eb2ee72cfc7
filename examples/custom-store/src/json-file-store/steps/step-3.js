import { join } from 'node:path';
import { CallOrder } from '../call-order.js';
import { fileNameOf } from '../file-name-of.js';
import { readState } from '../read-state.js';
import { replaceFile } from '../replace-file.js';
import { Step2 } from './step-2.js';

export class Step3 extends Step2 {
  #order = new CallOrder();

  async load(type, id) {
    const file = join(this.folder, fileNameOf(type, id));
    return this.#order.run(file, () => readState(file));
  }

  async persist(type, id, _diff, full) {
    const file = join(this.folder, fileNameOf(type, id));
    const text = JSON.stringify(full);
    await this.#order.run(file, () => replaceFile(file, text));
  }
}
