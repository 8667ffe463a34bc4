/** Everything an operation may use: the state, the clock, the id generator and the fake's settings. */
import type { Feed } from './events.ts';
import { createIds, type NewId } from './ids.ts';
import type { State } from './state.ts';

export interface Limits {
  /** Requests per second to `/directory_users` for one directory; WorkOS allows 4. */
  directoryUsersPerSecond: number;
}

export interface World {
  readonly state: State;
  readonly now: () => Date;
  readonly newId: NewId;
  /** Base URL of the fake, `http://127.0.0.1:4010`; portal links start with it. */
  readonly url: string;
  /** The only accepted API key; also the client secret of the token exchange. */
  readonly apiKey: string;
  readonly clientId: string;
  /** Compared exactly. When empty, any redirect URI is allowed. */
  readonly redirectUris: ReadonlySet<string>;
  readonly limits: Limits;
  readonly feed: Feed;
}

export function createWorld(world: Omit<World, 'newId' | 'feed'>): World {
  const feed = { delayMs: 0, deliver: () => undefined, endpoints: () => [] };
  return { ...world, feed, newId: createIds(world.now) };
}

/** The `created_at` and `updated_at` of a new object. */
export function timestamps(world: World): { created_at: string; updated_at: string } {
  const at = world.now().toISOString();
  return { created_at: at, updated_at: at };
}
