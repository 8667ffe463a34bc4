import type { Endpoint } from '../../http/endpoint.ts';
import type { UpstreamClass } from '../../workos/upstream.ts';

/** What WorkOS keeps without a tenant, and so we remember whose it is. */
export type OwnedKind =
  'factor' | 'challenge' | 'passwordless_session' | 'audit_log_export' | 'user';

/**
 * How it is known whose the objects are that an operation is about.
 *
 * - `named`: the request names the tenant.
 * - `object`: the object says so; it is read first where the operation changes it.
 * - `container`: the filters name directories, groups or users, and these say so.
 * - `owned`: its maker is remembered.
 * - `member`: a user is of the tenants that he is a member of.
 * - `environment`: everybody's, and so only for clients that may use every tenant.
 */
export type Rule = 'named' | 'object' | 'container' | 'owned' | 'member' | 'environment';

/** How an operation is done at WorkOS, where it has the same method and path. */
export interface Forwarding {
  readonly class: UpstreamClass;
  readonly rule: Rule;
  /** Who is not found when there is none: `connection`. */
  readonly noun: string;
  /** What the path's id is: forgotten once it is deleted. */
  readonly owned?: OwnedKind;
  /** What the reply's id is from now on, owned by the caller. */
  readonly makes?: OwnedKind;
  /** Leaves rows in the audit trail: before, and with the outcome. */
  readonly audited?: true;
  /** Equal reads at the same moment, and for a moment after, are one: WorkOS allows few. */
  readonly coalesced?: true;
}

export interface ForwardedEndpoint extends Endpoint {
  readonly forward: Forwarding;
}

/** Operations that differ in path, schema and rule only, and so need no handlers of their own. */
export type ForwardedContract = Readonly<Record<string, ForwardedEndpoint>>;
