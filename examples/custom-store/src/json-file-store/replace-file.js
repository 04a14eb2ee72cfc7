// @ts-check
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Give a file a new text: all of it or nothing, for readers in any process and also in a power cut.
 * The new text is complete and on disk before it takes the place of the old one.
 *
 * @param {string} file
 * @param {string} text
 */
export async function replaceFile(file, text) {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await withFile(temporary, 'wx', async (handle) => {
      await handle.writeFile(text);
      await handle.sync();
    });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  // The new name is on disk when the folder is. (Windows cannot open folders, and needs no such thing.)
  if (process.platform !== 'win32') await withFile(dirname(file), 'r', (folder) => folder.sync());
}

/**
 * @param {string} path
 * @param {string} flags
 * @param {(handle: import('node:fs/promises').FileHandle) => Promise<void>} work
 */
async function withFile(path, flags, work) {
  const handle = await open(path, flags);
  try {
    await work(handle);
  } finally {
    await handle.close();
  }
}
