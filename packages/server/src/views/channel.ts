import type { Patch } from '@nasc/client';
import type { JsonObject } from '@nasc/store-core';
import type { Version } from '../instances/instance-store';

/** Someone who views an instance. */
export interface Follower {
  /** Go on from `before` to where the channel is now. */
  advance(channel: Channel, patches: readonly Patch[], before: JsonObject): void;
  /** Whether it may see an instance. */
  mayView(type: string, id: string): Promise<boolean>;
  /** Stop viewing. */
  leave(channel: Channel): void;
}

/** An instance that someone views: where all its viewers are. */
export interface Channel {
  /** Type of the instance. */
  readonly type: string;
  /** Its id. */
  readonly id: string;
  /** `{}` once removed. */
  state: JsonObject;
  /** The version of `state`. */
  version: Version;
  /** Who gets its patches. */
  readonly viewers: Set<Follower>;
}
