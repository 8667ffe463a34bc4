import type { z } from 'zod';
import type { Access } from '../../http/access.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import type { UpstreamClass } from '../../workos/call-options.ts';

/** Kinds of objects that name no tenant at WorkOS, so Gatehouse stores who created them. */
export type OwnedKind =
  | 'factor'
  | 'challenge'
  | 'passwordless_session'
  | 'audit_log_export'
  | 'user'
  | 'api_key'
  | 'password_reset';

/**
 * A value of the request that names an object besides the tenant. `user`: visible to the client.
 * `member`: a user who has joined the tenant; anybody can be invited. `unshared`: a user without a membership,
 * even a pending one, in a tenant that the client may not use. `membership`, `group`: one in the tenant. `invitation`: the
 * token of one to a tenant of the client. `invitee`: an invitation of a user who is the client's alone.
 */
export interface Reference {
  readonly at: `${'params' | 'body'}.${string}`;
  readonly kind: 'user' | 'member' | 'unshared' | 'membership' | 'group' | 'invitation' | 'invitee';
}

/**
 * The kind of object whose ids are the cursors of a list. `member` is a user of the tenant, `group` a group of
 * the tenant, `user_api_key` a key of the user that the path names. A path is where the object is read; its
 * answer names the organization.
 */
export type CursorKind = 'member' | 'group' | 'api_key' | 'user_api_key' | `/${string}/`;

/** How an operation is forwarded to WorkOS, where it has the same method and path. */
interface Forwarding {
  readonly class: UpstreamClass;
  /** Names the object in a 404: `connection`. */
  readonly noun: string;
  /** Fields of the body that a 404 of WorkOS is about if they are given, with the nouns for it. */
  readonly bodyNouns?: Readonly<Record<string, string>>;
  /** Kind of the object that the reply describes; the caller becomes its owner. */
  readonly creates?: OwnedKind;
  /** The field of the request that the paths in WorkOS's errors are relative to. */
  readonly errorsWithin?: string;
  /** Records the call in the audit trail: the attempt, and its outcome. */
  readonly audited?: true;
  /** Shares one answer among equal reads within a moment, because WorkOS allows few of them. */
  readonly coalesced?: true;
  /** Gives somebody access, so a suspended tenant refuses it. What takes access away, it does not. */
  readonly grants?: true;
  /** The objects that the request names besides its tenant. An absent value is not checked. */
  readonly names?: readonly Reference[];
  /** The cursors of a tenant's list, which must be its objects. */
  readonly cursor?: CursorKind;
  /** The objects of the reply name no organization: they are those of the tenant or user that was asked for. */
  readonly unmarked?: true;
}

/** A schema whose parsed value has at least these fields. */
type Fields<T> = z.ZodObject & z.core.$ZodType<T>;
type AnyParams = Fields<Readonly<Record<string, string>>>;
type ObjectParams = Fields<{ readonly id: string; readonly [name: string]: string }>;

interface Forwarded<F> extends Endpoint {
  readonly access: Exclude<Access, string>;
  readonly params?: AnyParams;
  readonly forward: Forwarding & F;
}

/** The request names the tenant. */
type Named = Forwarded<{ readonly rule: 'named' }>;

/** The object belongs to the whole environment: the operation's `access` decides. */
type Environment = Forwarded<{ readonly rule: 'environment' }>;

/** The object names its organization; it is read first unless the operation only reads it. */
interface ByObject extends Forwarded<{
  readonly rule: 'object';
  /** Where the object is read, followed by its id. Default: the operation's path. */
  readonly lookup?: `/${string}/`;
  /** There are such objects without an organization. They are for clients that may use every tenant. */
  readonly environment?: true;
}> {
  /** Anything but a read of the object itself needs its `id`. */
  readonly params: AnyParams;
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

/** Is about one user, of whom every membership must be in a tenant of the client. */
interface ByMembership extends Forwarded<{
  readonly rule: 'member';
  readonly owned?: OwnedKind;
  /** One membership is enough. */
  readonly shared?: true;
}> {
  readonly params: ObjectParams;
}

/** The list names a tenant or a user. By a user alone it holds only objects of the client's tenants. */
interface ByUser extends Forwarded<{ readonly rule: 'by-user' }> {
  readonly query: Fields<{ readonly user_id?: string | undefined }>;
}

/** The reply names its user, of whom every membership must be in a tenant of the client. */
interface OfUser extends Forwarded<{ readonly rule: 'of-user' }> {
  readonly params: ObjectParams;
}

/** The body names a user by `email`, of whom every membership must be in a tenant of the client. */
type ByEmail = Forwarded<{ readonly rule: 'email' }>;

/** The body holds a secret `token` that the client was given when it created the object. */
type ByToken = Forwarded<{ readonly rule: 'token'; readonly owned: OwnedKind }>;

/** An API key. WorkOS has no operation that reads one, so its tenant is stored. */
interface ByKey extends Forwarded<{ readonly rule: 'key' }> {
  readonly params: ObjectParams;
}

/** Asks whose an API key is. A key of a tenant that the client may not use counts as unknown. */
type Validation = Forwarded<{ readonly rule: 'validation' }>;

type AnyForwarded =
  | Named
  | Environment
  | ByObject
  | ByContainer
  | ByOwner
  | New
  | Users
  | ByMembership
  | ByUser
  | OfUser
  | ByEmail
  | ByToken
  | ByKey
  | Validation;

/** How the tenant of the objects of an operation is determined. */
export type Rule = AnyForwarded['forward']['rule'];

export type ForwardedEndpoint<R extends Rule = Rule> = Extract<
  AnyForwarded,
  { readonly forward: { readonly rule: R } }
>;

/** Operations that differ in path, schema and rule only, and so need no handlers of their own. */
export type ForwardedContract = Readonly<Record<string, ForwardedEndpoint>>;
