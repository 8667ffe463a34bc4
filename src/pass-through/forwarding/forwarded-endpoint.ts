import type { z } from 'zod';
import type { Access, Endpoint } from '../../http/endpoint.ts';
import type { UpstreamClass } from '../../workos/upstream.ts';

/** Kinds of objects that name no tenant at WorkOS, so Gatehouse stores who created them. */
export type OwnedKind =
  'factor' | 'challenge' | 'passwordless_session' | 'audit_log_export' | 'user';

/** How an operation is forwarded to WorkOS, where it has the same method and path. */
interface Forwarding {
  readonly class: UpstreamClass;
  /** Names the object in a 404: `connection`. */
  readonly noun: string;
  /** Kind of the object that the reply describes; the caller becomes its owner. */
  readonly creates?: OwnedKind;
  /** The field of the request that the paths in WorkOS's errors are relative to. */
  readonly errorsWithin?: string;
  /** Records the call in the audit trail: the attempt, and its outcome. */
  readonly audited?: true;
  /** Shares one answer among equal reads within a moment, because WorkOS allows few of them. */
  readonly coalesced?: true;
}

/** A schema whose parsed value has at least these fields. */
type Fields<T> = z.ZodObject & z.ZodType<T>;
type AnyParams = Fields<Readonly<Record<string, string>>>;
type ObjectParams = Fields<{ readonly id: string; readonly [name: string]: string }>;

interface Forwarded<F> extends Endpoint {
  readonly access: Exclude<Access, 'public'>;
  readonly params?: AnyParams;
  readonly forward: Forwarding & F;
}

/** The request names the tenant. */
type Named = Forwarded<{ readonly rule: 'named' }>;

/** The object belongs to the whole environment: only for clients that may use every tenant. */
type Environment = Forwarded<{ readonly rule: 'environment' }>;

/** The object names its organization; it is read first if the operation changes it. */
interface ByObject extends Forwarded<{ readonly rule: 'object' }> {
  readonly params: ObjectParams;
}

/** The filters name a directory, a group or a user, and these name their organization. */
interface ByContainer extends Forwarded<{ readonly rule: 'container' }> {
  readonly query: Fields<{
    readonly directory?: string | undefined;
    readonly group?: string | undefined;
    readonly user?: string | undefined;
  }>;
}

/** The object has a stored owner. */
interface ByOwner extends Forwarded<{ readonly rule: 'owned'; readonly owned: OwnedKind }> {
  readonly params: ObjectParams;
}

/** The operation creates an object, and reads none. */
type New = Forwarded<{ readonly rule: 'new'; readonly creates: OwnedKind }>;

/** Reads or creates users. Users with a membership in a tenant of the client are visible. */
interface Users extends Forwarded<{ readonly rule: 'users' }> {
  readonly query?: Fields<{ readonly email?: string | undefined }>;
}

/** Changes one user: every membership must be in a tenant of the client. */
interface ByMembership extends Forwarded<{ readonly rule: 'member'; readonly owned?: OwnedKind }> {
  readonly params: ObjectParams;
}

type AnyForwarded =
  Named | Environment | ByObject | ByContainer | ByOwner | New | Users | ByMembership;

/** How the tenant of the objects of an operation is determined. */
export type Rule = AnyForwarded['forward']['rule'];

export type ForwardedEndpoint<R extends Rule = Rule> = Extract<
  AnyForwarded,
  { readonly forward: { readonly rule: R } }
>;

/** Operations that differ in path, schema and rule only, and so need no handlers of their own. */
export type ForwardedContract = Readonly<Record<string, ForwardedEndpoint>>;
