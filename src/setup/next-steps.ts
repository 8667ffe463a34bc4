/** What an IT admin should do next, by the state of each feature. */
import type { Intent } from '../core/intents.ts';
import { STEP_CODES, type StepCode } from './schemas.ts';
import {
  CONNECTIONS,
  DIRECTORIES,
  DOMAINS,
  firstIn,
  type Features,
  type State,
} from './features.ts';

export interface NextStep {
  readonly code: StepCode;
  /** The intent of the portal launch that takes the step. Null for a step outside the Admin Portal. */
  readonly intent: Intent | null;
  /** The connection, directory or domain that the step is about. */
  readonly name?: string;
  /** The id of a connection to test. */
  readonly id?: string;
  /** When the certificate expires. */
  readonly expiresAt?: Date;
}

/** Returns at most one step per feature, the most urgent first. */
export const nextSteps = (features: Features, now = Date.now()): NextStep[] =>
  [
    certificateStep(features, now),
    ssoStep(features),
    directoryStep(features),
    domainStep(features),
    simpleStep(features.log_streams.state, 'repair_log_streams', 'log_streams'),
    simpleStep(features.bring_your_own_key.state, 'repair_encryption_key', 'bring_your_own_key'),
  ]
    .filter((step) => step !== undefined)
    .toSorted((a, b) => STEP_CODES.indexOf(a.code) - STEP_CODES.indexOf(b.code));

type Codes = Partial<Readonly<Record<State, StepCode>>>;

function certificateStep({ sso, certificate_renewal: renewal }: Features, now: number) {
  if (renewal.state !== 'attention') return undefined;
  const [soonest] = sso.connections
    .flatMap(({ name, certificate_expires_at: end }) =>
      end === undefined ? [] : [{ name, expiresAt: new Date(end) }],
    )
    .toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
  if (!soonest) return undefined;
  const hasExpired = soonest.expiresAt.getTime() <= now;
  const code = hasExpired ? 'renew_expired_certificate' : 'renew_certificate';
  return { code, intent: 'certificate_renewal', ...soonest } as const;
}

const SSO: Codes = {
  attention: 'repair_sso',
  in_progress: 'finish_sso',
  not_configured: 'set_up_sso',
};

function ssoStep({ sso: { state, connections } }: Features): NextStep | undefined {
  const untried = connections.find((one) => one.state === 'active' && !one.first_sign_in_at);
  if (state === 'active')
    return untried && { code: 'test_sso', intent: null, name: untried.name, id: untried.id };
  return step(SSO[state], 'sso', firstIn(state, connections, CONNECTIONS)?.name);
}

const DIRECTORY: Codes = {
  attention: 'repair_directory_sync',
  in_progress: 'finish_directory_sync',
  not_configured: 'set_up_directory_sync',
};

const directoryStep = ({ directory_sync: { state, directories } }: Features) =>
  step(DIRECTORY[state], 'dsync', firstIn(state, directories, DIRECTORIES)?.name);

const DOMAIN: Codes = {
  attention: 'retry_domain_verification',
  in_progress: 'finish_domain_verification',
  not_configured: 'add_domain',
};

const domainStep = ({ domain_verification: { state, domains } }: Features) =>
  step(DOMAIN[state], 'domain_verification', firstIn(state, domains, DOMAINS)?.domain);

const simpleStep = (state: State, code: StepCode, intent: Intent) =>
  step(state === 'attention' ? code : undefined, intent, undefined);

const step = (
  code: StepCode | undefined,
  intent: Intent,
  name: string | undefined,
): NextStep | undefined =>
  code === undefined ? undefined : { code, intent, ...(name !== undefined && { name }) };
