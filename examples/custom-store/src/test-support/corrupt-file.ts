import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameOf } from '../json-file-store/file-name-of';

/** Damage the file of one instance: what a disk may do. */
export function corruptFile({ folder }: { folder: string }, type: string, id: string): void {
  truncateSync(join(folder, fileNameOf(type, id)), 7);
}
