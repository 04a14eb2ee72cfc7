import { captureState, type StatePlace } from '../../capture-state';
import { checkKey } from '../../check-key';
import type { ListOptions, Loaded } from '../../store';
import { StoreError } from '../../store-error';
import { formatReport } from '../format-report';
import { runConformance } from '../run-conformance';
import { ReferenceStore } from './reference-store';
import { zooTarget } from './zoo-target';

/** As a text column of 255 bytes, of a database whose texts hold no NUL and whose keys hold no control characters. */
class RefusingStore extends ReferenceStore {
  protected override capture(full: unknown, place: StatePlace): string {
    const text = captureState(full, place);
    if (/(?<!\\)(\\\\)*\\u0000/.test(text))
      throw new StoreError('STORE_INVALID_STATE', 'A text cannot hold NUL.', place);
    requireHeld(place.type, place.id);
    return text;
  }
  override async load(type: string, id: string): Promise<unknown> {
    requireHeld(type, id);
    return super.load(type, id);
  }
  override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
    requireHeld(type, id);
    return super.loadVersioned(type, id);
  }
  override async list(type: string, options?: ListOptions): Promise<string[]> {
    requireHeld(type, '');
    return super.list(type, options);
  }
}

function requireHeld(type: string, id: string): void {
  checkKey(type, id);
  if ([type, id].some((name) => /[\p{Cc}\u2028\u2029]/u.test(name) || Buffer.byteLength(name) > 255))
    throw new StoreError('STORE_INVALID_KEY', 'A name cannot be held.');
}

describe('the suite', () => {
  it('lets a store refuse names and states that its backend cannot hold', async () => {
    const target = zooTarget({ name: 'refusing', open: (world) => new RefusingStore(world) });
    const report = await runConformance(target);
    if (report.totals.fail + report.totals.inconclusive > 0) throw new Error(formatReport(report));
  });
});
