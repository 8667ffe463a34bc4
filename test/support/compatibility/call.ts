/** What is compared: a call of an official SDK, as data. */
import type { FakeWorkos } from '../../../src/dev/fake-workos/server.ts';

/** Major versions of `@workos-inc/node`. */
export const GENERATIONS = [7, 8, 11] as const;
export type Generation = (typeof GENERATIONS)[number];

/** An SDK, whichever: resource → method. */
export type Sdk = Readonly<
  Record<string, Readonly<Record<string, (...args: readonly unknown[]) => unknown>>>
>;

/** One request of an SDK and what came back, as it was on the wire. */
export interface Exchange {
  readonly request: string;
  readonly status: number;
  /** Undefined: no JSON. */
  readonly body: unknown;
  /** Fields that the gateway says it has left out. */
  readonly ignored: string | undefined;
}

/** WorkOS itself, or WorkOS through the gateway: equal but for ids. */
export interface World {
  readonly sdk: Sdk;
  readonly fake: FakeWorkos;
  /** Ids as a caller there knows them: of an organization, or of the tenant. */
  readonly acme: string;
  readonly globex: string;
  /** Acme's, at WorkOS. */
  readonly organizationId: string;
  /** Where the SDK sends its requests. */
  readonly url: string;
  /** What the SDK signs users in with. */
  readonly clientId: string;
  /** What earlier calls have left: name → id. */
  readonly ids: Record<string, string>;
  readonly seen: Exchange[];
  /** A browser that follows an authorization URL. @returns the code it comes back with */
  signIn(authorizationUrl: string): Promise<string>;
}

/** A request, as WorkOS was given it. */
export interface Reached {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Outcome {
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly status?: number; readonly code?: string };
  readonly wire: readonly Exchange[];
  /** What reached WorkOS. */
  readonly reached: readonly Reached[];
}

/** A difference that is meant. */
export interface Difference {
  /** For the table: what, and why. */
  readonly why: string;
  /** What comes of the call through the gateway. */
  readonly gateway: Readonly<Record<string, unknown>>;
}

export type Args = (world: World) => readonly unknown[] | Promise<readonly unknown[]>;

export interface Call {
  /** As SDK 11 names it: `organizations.getOrganization`; as older ones do where it has it not. */
  readonly method: string;
  /** What is special about this one. Absent: nothing. */
  readonly when?: string;
  readonly args: Args;
  /** By this name later calls find what it answers. */
  readonly keep?: string;
  /** Where the id to keep is. Default: `id`. */
  readonly idOf?: (value: never) => string;
  readonly differs?: Difference;
}
