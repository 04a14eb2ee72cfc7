import type { JsonObject } from '@nasc/store-core';
import type { Version } from '../instances/instance-store';
import type { Viewer } from './viewer';

/** One instance that someone views: where all of its viewers stand. */
export interface Channel {
  readonly type: string;
  readonly id: string;
  /** `{}` once removed. */
  state: JsonObject;
  version: Version;
  readonly viewers: Set<Viewer>;
}
