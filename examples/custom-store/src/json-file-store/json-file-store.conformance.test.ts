import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { join } from 'node:path';
import { JsonFileStore } from './json-file-store';
import { corruptFile as corrupt } from '../test-support/corrupt-file';
import { temporaryFolder as createWorld } from '../test-support/temporary-folder';

const open = ({ folder }: { folder: string }): JsonFileStore => new JsonFileStore(folder);
// Other processes import the target of the guide: they cannot read what jest compiles.
const module = join(__dirname, 'target.js');
const target = { name: 'json-file-store', createWorld, open, durable: true, raw: { corrupt }, module };

registerConformance(defineTarget(target), { describe, it });
