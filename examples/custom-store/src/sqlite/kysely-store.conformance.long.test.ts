import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { KyselyStore } from './kysely-store';
import { corruptRow as corrupt } from '../test-support/corrupt-row';
import { temporaryFolder as createWorld } from '../test-support/temporary-folder';

const open = ({ folder }: { folder: string }): KyselyStore =>
  new KyselyStore(`${folder}/store.db`, 'relaxed');
const target = defineTarget({ name: 'kysely-store', createWorld, open, durable: true, raw: { corrupt } });

registerConformance(target, { describe, it });
