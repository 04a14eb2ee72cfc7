// Both packages keep a database in a file; what makes one fail is the same. Never published.
export { fileCosts } from '../../../store-sqlite/src/test-support/file-costs';
export { fileFaults, fileRaw } from '../../../store-sqlite/src/test-support/file-faults';
export { createFileWorld } from '../../../store-sqlite/src/test-support/file-world';
export type { FileWorld } from '../../../store-sqlite/src/test-support/file-world';
