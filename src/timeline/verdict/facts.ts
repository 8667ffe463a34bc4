/** The facts that a verdict on a tenant is made from. All but `live` come from the database. */
export interface Facts {
  readonly tenantId: string;
  /** Undefined if there is no such tenant. */
  readonly tenant: TenantFacts | undefined;
  /** Tenant ids that resemble an unknown one. */
  readonly similar: readonly string[];
  readonly setup: SetupFacts;
  /** Clients that may use the tenant, or that it names for IdP-initiated logins. */
  readonly clients: readonly ClientFacts[];
  /** The failures within the period, latest first. */
  readonly troubles: readonly Trouble[];
  /** The latest successes within the period, by operation and client. */
  readonly successes: readonly Success[];
  /** Null if the history was read back to the begin of the period. Otherwise there is more of it before this time. */
  readonly cutAt: Date | null;
  readonly launches: readonly LaunchFacts[];
  readonly live: LiveAnswer | undefined;
  readonly system: SystemFacts;
}

/** WorkOS's answer when it was asked for the organization a moment ago. Undefined if it was not asked. */
export type LiveAnswer = 'live' | 'failed' | 'missing';

export interface TenantFacts {
  readonly name: string;
  readonly status: string;
  readonly formerStatus: string | null;
  readonly organizationId: string | null;
  readonly signInClientId: string | null;
  /** True while a process is provisioning it. */
  readonly isLeased: boolean;
  /** When WorkOS first denied its organization. */
  readonly missingSince: Date | null;
  readonly updatedAt: Date;
}

export interface SetupFacts {
  /** When the organization was last read, or the events up to which it is known. Null if never. */
  readonly asOf: Date | null;
  /** When WorkOS deleted the organization, by its event. Null if it did not. */
  readonly deletedAt: Date | null;
  readonly connections: readonly {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly since: string;
  }[];
  readonly domains: readonly { readonly domain: string; readonly state: string }[];
  readonly certificates: readonly { readonly connectionId: string; readonly expiresAt: string }[];
}

export interface ClientFacts {
  readonly id: string;
  readonly disabled: boolean;
  readonly mayUse: boolean;
  readonly mayLogin: boolean;
  readonly redirectUris: number;
  readonly initiateLoginUri: string | null;
}

export interface Trouble {
  readonly operation: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly clientId: string | null;
  readonly workosStatus: number | null;
  readonly workosCode: string | null;
  readonly said: string | null;
  readonly count: number;
  readonly at: Date;
}

export interface Success {
  readonly operation: string;
  readonly clientId: string | null;
  readonly at: Date;
}

export interface LaunchFacts {
  readonly intent: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly isExpired: boolean;
  readonly wasOpened: boolean;
  readonly wasUsed: boolean;
  /** Why its e-mail was not sent. Null if it was, or waits for its first attempt, or there is none. */
  readonly mailFault: string | null;
}

export interface SystemFacts {
  /** Seconds since the feed of WorkOS's events was last read to its end. Null if never. */
  readonly feedAgeSeconds: number | null;
  readonly parkedEvents: number;
  /** Operations that WorkOS holds back now. */
  readonly holds: readonly string[];
  /** Requests to WorkOS that may be made now. Null if no process has counted them in the last seconds. */
  readonly budgetLevel: number | null;
  /** Seconds by which this machine's clock is ahead of the database's. */
  readonly clockAheadSeconds: number;
}

/**
 * `blocks`: nobody, or nobody by this way, can sign in. `may_block`: it would explain why no login succeeded, but
 * one person or a stranger can cause it too. `warns`: it may be part of the reason.
 */
export type Severity = 'blocks' | 'may_block' | 'warns';

export interface Finding {
  /** A word in snake_case, the same in every release. */
  readonly cause: string;
  readonly severity: Severity;
  readonly sentence: string;
  /** Says who must do what. */
  readonly remedy: string;
  /** Since when, or when it happened last. */
  readonly at: Date | null;
}

/** One cause: how it is recognised, and what to do. */
export type Cause = (facts: Facts) => readonly Finding[];
