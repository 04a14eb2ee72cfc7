import { allGroups } from './all-groups.ts';
import { GroupContext } from './group.ts';
import { Progress } from '../harness/progress.ts';
import { TempFolders } from '../harness/temp-folders.ts';

/** The process of one group: `node --expose-gc group-process.ts <group> <quick> <started>`; it sends what it measured. */
const [name, quick, started] = process.argv.slice(2);
const group = allGroups.find((one) => one.name === name);
if (group === undefined) throw new RangeError(`There is no group ${name}.`);
const folders = new TempFolders();
const context = new GroupContext(quick === 'true', new Progress(Number(started)), folders);
try {
  context.begin(group);
  await group.run(context);
  const { cells, counts, growth } = context;
  process.send?.({ cells, counts, growth });
} finally {
  await context.closeAll();
  folders.remove();
  process.disconnect?.();
}
