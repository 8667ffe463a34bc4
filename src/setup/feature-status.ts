/** Current status of one feature, for a user who returns from the Admin Portal. */
import type { Intent } from '../core/intents.ts';
import type { Kind } from './mirror/rows.ts';
import { featuresOf, type Features, type State } from './features.ts';
import type { PartName } from './mirror/parts.ts';
import type { SetupReader } from './mirror/reader.ts';
import type { Mirror, MirrorRow, SetupStore } from './mirror/store.ts';

export interface Item {
  readonly name: string;
  /** WorkOS's state; for a certificate `current`, `expiring` or `expired`. */
  readonly state: string;
}

export interface FeatureStatus {
  /** False if WorkOS could not be read. Always true for features that only events report. */
  readonly wasRead: boolean;
  readonly state: State;
  readonly items: readonly Item[];
  /** Last change of the feature at WorkOS. */
  readonly changedAt: Date | undefined;
  /** True if a user has signed in through one of the active connections. */
  readonly isUsed: boolean;
}

interface Source {
  readonly feature: keyof Features;
  /** Part of the organization to read. Absent if only events report the feature. */
  readonly part?: PartName;
  readonly items: (features: Features, known: Mirror) => readonly Item[];
  readonly changes: (known: Mirror) => readonly (string | null)[];
}

const named = ({ name, state }: { name: string; state: string }): Item => ({ name, state });
const times =
  (kind: Kind) =>
  ({ rows }: Mirror) =>
    rows
      .filter((row) => row.kind === kind)
      .flatMap(({ updatedAt, deletedAt }) => [updatedAt, deletedAt]);

const SOURCES: Readonly<Record<Intent, Source>> = {
  sso: {
    feature: 'sso',
    part: 'connections',
    items: ({ sso }) => sso.connections.map(named),
    changes: times('connection'),
  },
  dsync: {
    feature: 'directory_sync',
    part: 'directories',
    items: ({ directory_sync: { directories } }) => directories.map(named),
    changes: times('directory'),
  },
  domain_verification: {
    feature: 'domain_verification',
    part: 'organization',
    items: ({ domain_verification: { domains } }) =>
      domains.map(({ domain, state }) => ({ name: domain, state })),
    changes: times('domain'),
  },
  audit_logs: {
    feature: 'audit_logs',
    part: 'audit_log_configuration',
    items: () => [],
    changes: () => [],
  },
  log_streams: {
    feature: 'log_streams',
    part: 'audit_log_configuration',
    items: (_features, known) => streamsOf(known).map(({ type, state }) => ({ name: type, state })),
    changes: (known) => streamsOf(known).map(({ created_at: at }) => at),
  },
  certificate_renewal: {
    feature: 'certificate_renewal',
    // The connections say which certificates to expect.
    part: 'connections',
    items: ({ sso }) => sso.connections.flatMap(certificateItem),
    changes: ({ rows }) => rows.map(({ data }) => renewal(data)),
  },
  bring_your_own_key: {
    feature: 'bring_your_own_key',
    items: () => [],
    changes: times('encryption_key'),
  },
};

export interface FeatureStatusDeps {
  readonly store: Pick<SetupStore, 'read'>;
  readonly reader: Pick<SetupReader, 'part'>;
}

/** Reads the feature of an intent from WorkOS if possible, and then from the mirror. */
export const createFeatureStatus =
  ({ store, reader }: FeatureStatusDeps) =>
  async (organizationId: string, intent: Intent): Promise<FeatureStatus> => {
    const { part } = SOURCES[intent];
    const wasRead = !part || (await reader.part(organizationId, part).then(yes, no));
    return statusOf(await store.read(organizationId), intent, wasRead);
  };

const yes = () => true;
const no = () => false;

function statusOf(known: Mirror, intent: Intent, wasRead: boolean): FeatureStatus {
  const { feature, part, items, changes } = SOURCES[intent];
  // The part was just read completely, though the organization as a whole may never have been.
  const readNow = wasRead && part ? { ...known, asOf: new Date() } : known;
  const features = featuresOf(readNow);
  const changed = changes(known)
    .map((time) => Date.parse(time ?? ''))
    .filter(Number.isFinite);
  return {
    wasRead,
    state: features[feature].state,
    items: items(features, known),
    changedAt: changed.length > 0 ? new Date(Math.max(...changed)) : undefined,
    isUsed: isUsed(features, known),
  };
}

const isUsed = ({ sso }: Features, { rows }: Mirror): boolean =>
  sso.connections.some(
    ({ id, state }) =>
      state === 'active' && rows.some((row) => row.kind === 'sign_in' && row.id === id),
  );

interface Stream {
  readonly type: string;
  readonly state: string;
  readonly created_at: string;
}

const streamsOf = ({ rows }: Mirror): Stream[] =>
  rows.flatMap(({ kind, data }) =>
    kind === 'audit_log_configuration' && data.log_stream ? [data.log_stream as Stream] : [],
  );

const renewal = (data: MirrorRow['data']): string | null =>
  typeof data.renewed_at === 'string' ? data.renewed_at : null;

function certificateItem({
  name,
  certificate_expires_at: end,
}: Features['sso']['connections'][number]): Item[] {
  if (end === undefined) return [];
  const days = (Date.parse(end) - Date.now()) / 86_400_000;
  return [{ name, state: days <= 0 ? 'expired' : days < 30 ? 'expiring' : 'current' }];
}
