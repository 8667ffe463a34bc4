/** Derives the state of each Admin Portal feature from the mirror. */
import { timeOf } from '../core/time.ts';
import type { Kind } from './mirror/rows.ts';
import type { Mirror, MirrorRow } from './mirror/store.ts';

export type State = 'not_configured' | 'in_progress' | 'active' | 'attention' | 'unknown';
/** `not_read_yet`: Gatehouse has not read it. `not_told_yet`: only events report it, and none has arrived. */
export type Reason = 'not_read_yet' | 'not_told_yet';

export interface Feature {
  readonly state: State;
  readonly reason?: Reason;
}

/** A certificate that expires sooner needs attention. */
const ATTENTION_MS = 30 * 86_400_000;

const NOT_READ: Feature = { state: 'unknown', reason: 'not_read_yet' };
const NOT_REPORTED_YET: Feature = { state: 'unknown', reason: 'not_told_yet' };

export type Features = ReturnType<typeof featuresOf>;

export function featuresOf({ rows, asOf }: Mirror, now = Date.now()) {
  const live = (kind: Kind) => rows.filter((row) => row.kind === kind && row.deletedAt === null);
  const wasRead = asOf !== null;
  const certificates = live('certificate').flatMap(certificateOf);
  const signIns = new Map(live('sign_in').map(({ id, updatedAt }) => [id, updatedAt]));
  const connections = live('connection').map((row) =>
    connectionOf(row, certificates, signIns.get(row.id)),
  );
  const directories = live('directory').map(directoryOf);
  const domains = live('domain').map(domainOf);
  const [configuration] = live('audit_log_configuration');
  return {
    sso: { ...summary(connections, CONNECTIONS, wasRead), connections },
    directory_sync: { ...summary(directories, DIRECTORIES, wasRead), directories },
    domain_verification: { ...summary(domains, DOMAINS, wasRead), domains },
    audit_logs: configured(configuration, ({ state }) => AUDIT_LOGS[String(state)]),
    log_streams: configured(configuration, logStreamState),
    certificate_renewal: certificateRenewal(connections, wasRead, now),
    bring_your_own_key: ownKey(live('encryption_key')[0]),
  };
}

interface Rules {
  /** State of the feature by the state of one object. Default: `in_progress`. */
  readonly states: Readonly<Record<string, State>>;
  /** With several objects, the first of these states decides. */
  readonly precedence: readonly State[];
}

/** One working connection is enough to sign in. */
export const CONNECTIONS: Rules = {
  states: { active: 'active', inactive: 'attention', deleting: 'not_configured' },
  precedence: ['active', 'attention', 'in_progress'],
};
/** A directory that does not sync keeps former users, so it needs attention even if others sync. */
export const DIRECTORIES: Rules = {
  states: {
    active: 'active',
    inactive: 'attention',
    invalid_credentials: 'attention',
    deleting: 'not_configured',
  },
  precedence: ['attention', 'active', 'in_progress'],
};
/** Active once all domains are verified. */
export const DOMAINS: Rules = {
  states: { verified: 'active', legacy_verified: 'active', failed: 'attention' },
  precedence: ['attention', 'in_progress', 'active'],
};

function summary(
  things: readonly Thing[],
  { states, precedence }: Rules,
  wasRead: boolean,
): Feature {
  const found = things.map((thing) => stateOf(thing, states));
  const state = precedence.find((one) => found.includes(one));
  if (state) return { state };
  return wasRead ? { state: 'not_configured' } : NOT_READ;
}

interface Thing {
  readonly state: string;
}

const stateOf = ({ state }: Thing, states: Rules['states']): State =>
  states[state] ?? 'in_progress';

/** Returns the first object that is in the state of its feature. */
export const firstIn = <T extends Thing>(
  state: State,
  things: readonly T[],
  { states }: Rules,
): T | undefined => things.find((thing) => stateOf(thing, states) === state);

interface Certificate {
  readonly connectionId: string;
  readonly expiresAt: number;
}

/** Skips a certificate whose expiry cannot be parsed: older releases stored any text. */
function certificateOf({ data }: MirrorRow): Certificate[] {
  const end = timeOf(data.expires_at);
  return end ? [{ connectionId: String(data.connection_id), expiresAt: end.getTime() }] : [];
}

function connectionOf(
  { id, data, updatedAt }: MirrorRow,
  certificates: readonly Certificate[],
  firstSignIn: string | undefined,
) {
  const own = certificates.filter(({ connectionId }) => connectionId === id);
  const soonest = Math.min(...own.map(({ expiresAt }) => expiresAt));
  return {
    id,
    type: String(data.type),
    name: String(data.name),
    state: String(data.state),
    ...(own.length > 0 && { certificate_expires_at: new Date(soonest).toISOString() }),
    ...(firstSignIn !== undefined && { first_sign_in_at: iso(firstSignIn) }),
    updated_at: iso(updatedAt),
  };
}

const directoryOf = ({ id, data, updatedAt }: MirrorRow) => ({
  id,
  type: String(data.type),
  name: String(data.name),
  state: String(data.state),
  updated_at: iso(updatedAt),
});

const domainOf = ({ id, data, updatedAt }: MirrorRow) => ({
  id,
  domain: String(data.domain),
  state: String(data.state),
  updated_at: iso(updatedAt),
});

const iso = (time: string): string => new Date(time).toISOString();

const AUDIT_LOGS: Readonly<Record<string, State>> = {
  active: 'active',
  inactive: 'not_configured',
  disabled: 'not_configured',
};

/** A stream in any other state than `active` needs attention. */
function logStreamState({ log_stream: stream }: MirrorRow['data']): State {
  if (stream === null) return 'not_configured';
  return (stream as { state?: unknown }).state === 'active' ? 'active' : 'attention';
}

/** Has a time of its own, because no event reports it. */
function configured(
  row: MirrorRow | undefined,
  stateOf: (data: MirrorRow['data']) => State | undefined,
) {
  const state = row && stateOf(row.data);
  return state ? { state, as_of: iso(row.updatedAt) } : NOT_READ;
}

type Connection = ReturnType<typeof connectionOf>;

/** WorkOS only reports a certificate when it is about to expire or was renewed. */
function certificateRenewal(
  connections: readonly Connection[],
  wasRead: boolean,
  now: number,
): Feature {
  const withCertificate = connections.filter(
    ({ type, state, certificate_expires_at: known }) =>
      type.endsWith('SAML') && (state === 'active' || known !== undefined),
  );
  const ends = withCertificate.map(({ certificate_expires_at: end }) => end);
  if (ends.some((end) => end !== undefined && Date.parse(end) < now + ATTENTION_MS))
    return { state: 'attention' };
  if (!wasRead) return NOT_READ;
  if (ends.includes(undefined)) return NOT_REPORTED_YET;
  return { state: ends.length > 0 ? 'active' : 'not_configured' };
}

function ownKey(row: MirrorRow | undefined): Feature {
  if (!row) return NOT_REPORTED_YET;
  if (row.data.verified === null) return { state: 'not_configured' };
  return { state: row.data.verified === true ? 'active' : 'attention' };
}
