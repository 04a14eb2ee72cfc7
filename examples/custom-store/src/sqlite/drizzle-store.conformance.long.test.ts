import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { DrizzleStore } from './drizzle-store';
import { corruptRow as corrupt } from '../test-support/corrupt-row';
import { temporaryFolder as createWorld } from '../test-support/temporary-folder';

const open = ({ folder }: { folder: string }): DrizzleStore =>
  new DrizzleStore(`${folder}/store.db`, 'relaxed');
const target = defineTarget({ name: 'drizzle-store', createWorld, open, durable: true, raw: { corrupt } });

registerConformance(target, { describe, it });
