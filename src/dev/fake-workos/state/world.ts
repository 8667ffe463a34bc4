/** Everything an operation may touch: what is remembered, the clock, new ids, and where the fake lives. */
import type { Feed } from './events.ts';
import { createIds, type NewId } from './ids.ts';
import type { State } from './state.ts';

export interface Limits {
  /** Requests to `/directory_users` for one directory; WorkOS allows 4. */
  directoryUsersPerSecond: number;
}

export interface World {
  readonly state: State;
  readonly now: () => Date;
  readonly newId: NewId;
  /** Where the fake is reached, `http://127.0.0.1:4010`; portal links begin with it. */
  readonly url: string;
  /** The one key that is accepted; the client's secret as well. */
  readonly apiKey: string;
  readonly clientId: string;
  /** Compared exactly. Empty: any is accepted. */
  readonly redirectUris: ReadonlySet<string>;
  readonly limits: Limits;
  readonly feed: Feed;
}

export function createWorld(world: Omit<World, 'newId' | 'feed'>): World {
  const feed = { delayMs: 0, deliver: () => undefined };
  return { ...world, feed, newId: createIds(world.now) };
}

/** `created_at` and `updated_at` of a new object. */
export function stamps(world: World): { created_at: string; updated_at: string } {
  const at = world.now().toISOString();
  return { created_at: at, updated_at: at };
}
