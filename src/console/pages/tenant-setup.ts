import { featuresOf, type Feature, type Features } from '../../setup/features.ts';
import type { Mirror } from '../../setup/mirror/store.ts';
import type { Cell, Section, Tone } from '../view.ts';

const FEATURES: readonly (readonly [keyof Features, string])[] = [
  ['sso', 'Single sign-on'],
  ['directory_sync', 'Directory sync'],
  ['domain_verification', 'Domains'],
  ['certificate_renewal', 'Certificates'],
  ['audit_logs', 'Audit logs'],
  ['log_streams', 'Log streams'],
  ['bring_your_own_key', 'Own key'],
];
const FEATURE_TONES: Readonly<Record<Feature['state'], Tone>> = {
  active: 'good',
  attention: 'bad',
  in_progress: 'waiting',
  not_configured: 'plain',
  unknown: 'plain',
};

/** Shows what the tenant has set up at WorkOS, as the mirror has it. */
export function setupSection(known: Mirror): Section {
  const features = featuresOf(known);
  const things = thingsOf(features);
  return {
    title: 'Set up at WorkOS',
    lead:
      known.asOf === null
        ? 'Gatehouse has not read this organization yet; it does when the setup or a return page is asked for.'
        : 'From the mirror that WorkOS’s events keep up to date.',
    facts: FEATURES.map(([name, text]) => [text, featureCell(features[name])]),
    ...(things.length > 0 && {
      table: {
        caption: 'Connections, directories and domains',
        columns: ['What', 'Name', 'State', 'Id', 'Changed'],
        rows: things,
        empty: '',
      },
    }),
  };
}

const featureCell = ({ state: of }: Feature): Cell => ({
  state: FEATURE_TONES[of],
  text: of.replaceAll('_', ' '),
});

const thingsOf = ({ sso, directory_sync, domain_verification }: Features): Cell[][] => [
  ...sso.connections.map((one) => [
    `Connection ${one.type}`,
    one.name,
    stateCell(one.state),
    { code: one.id },
    { at: new Date(one.updated_at) },
  ]),
  ...directory_sync.directories.map((one) => [
    `Directory ${one.type}`,
    one.name,
    stateCell(one.state),
    { code: one.id },
    { at: new Date(one.updated_at) },
  ]),
  ...domain_verification.domains.map((one) => [
    'Domain',
    one.domain,
    stateCell(one.state),
    { code: one.id },
    { at: new Date(one.updated_at) },
  ]),
];

const stateCell = (of: string): Cell => ({
  state: ['active', 'verified', 'legacy_verified'].includes(of)
    ? 'good'
    : ['inactive', 'failed', 'invalid_credentials'].includes(of)
      ? 'bad'
      : 'waiting',
  text: of,
});
