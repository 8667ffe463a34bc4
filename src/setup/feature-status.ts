/** One feature, looked at for somebody who has just come from the Admin Portal. */
import type { Intent } from '../core/intents.ts';
import type { Kind } from './mirror-rows.ts';
import { featuresOf, type Features, type State } from './features.ts';
import type { PartName } from './parts.ts';
import type { SetupReader } from './reader.ts';
import type { Known, MirrorRow, SetupStore } from './store.ts';

export interface Item {
  readonly name: string;
  /** WorkOS's word, or for a certificate `current`, `expiring`, `expired`. */
  readonly state: string;
}

export interface Look {
  /** Whether WorkOS could be asked; what only events tell of is always as good as it gets. */
  readonly wasRead: boolean;
  readonly state: State;
  readonly items: readonly Item[];
  /** When anything of the feature last changed at WorkOS. */
  readonly changedAt: Date | undefined;
  /** Whether somebody was seen to sign in through one of the active connections. */
  readonly isUsed: boolean;
}

interface Source {
  readonly feature: keyof Features;
  /** What reading tells of it. Absent: only events do. */
  readonly part?: PartName;
  readonly items: (features: Features, known: Known) => readonly Item[];
  readonly changes: (known: Known) => readonly (string | null)[];
}

const named = ({ name, state }: { name: string; state: string }): Item => ({ name, state });
const times =
  (kind: Kind) =>
  ({ rows }: Known) =>
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
    // It tells whose certificates there are to know of.
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

export interface LookDeps {
  readonly store: Pick<SetupStore, 'read'>;
  readonly reader: Pick<SetupReader, 'part'>;
}

/** Reads what the intent is about, from WorkOS where it can be asked and always from the mirror. */
export const createLook =
  ({ store, reader }: LookDeps) =>
  async (organizationId: string, intent: Intent): Promise<Look> => {
    const { part } = SOURCES[intent];
    const wasRead = !part || (await reader.part(organizationId, part).then(yes, no));
    return lookAt(await store.read(organizationId), intent, wasRead);
  };

const yes = () => true;
const no = () => false;

function lookAt(known: Known, intent: Intent, wasRead: boolean): Look {
  const { feature, part, items, changes } = SOURCES[intent];
  // A part that was just read is whole, though the organization may never have been.
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

const isUsed = ({ sso }: Features, { rows }: Known): boolean =>
  sso.connections.some(
    ({ id, state }) =>
      state === 'active' && rows.some((row) => row.kind === 'sign_in' && row.id === id),
  );

interface Stream {
  readonly type: string;
  readonly state: string;
  readonly created_at: string;
}

const streamsOf = ({ rows }: Known): Stream[] =>
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
