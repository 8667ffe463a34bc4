import type { AuditWriter } from '../../audit-trail/writer.ts';
import type { Guard } from '../../http/guard.ts';
import { implement, type InputOf } from '../../http/endpoint.ts';
import type { ActingUser, Client } from '../../core/identity.ts';
import { invalidField } from '../../core/problem.ts';
import { isRegisteredRedirect } from '../../core/redirect-uri.ts';
import { aboutTheRequest } from '../../workos/problems.ts';
import { parseReply, StoredId } from '../../workos/parse-reply.ts';
import { audited } from '../../audit-trail/audited.ts';
import { createOwned } from '../forwarding/create-owned.ts';
import { requireSameEmail } from '../forwarding/same-object.ts';
import { requireUsersTenant } from '../forwarding/authorization.ts';
import type { OwnedStore } from '../forwarding/store.ts';
import type { TenantFinder } from '../forwarding/tenant-finder.ts';
import type { RequestSender } from '../forwarding/request-sender.ts';
import { PasswordlessSession, passwordlessContract } from './contract.ts';

export interface PasswordlessDeps {
  readonly sender: RequestSender;
  readonly owned: OwnedStore;
  readonly audit: AuditWriter;
  readonly guard: Pick<Guard, 'authorize' | 'confirm'>;
  readonly find: TenantFinder;
  /** Callback of the links, and the sealed state that says where to go from there. */
  readonly magicLinks: {
    readonly redirectUri: string;
    stateOf(
      login: {
        readonly client: Client;
        readonly redirectUri: string;
        readonly email: string;
        readonly state?: string | undefined;
        readonly connection?: string | undefined;
      },
      seconds: number,
    ): string;
  };
}

type Create = InputOf<typeof passwordlessContract, 'createPasswordlessSession'>;

const DEFAULT_SECONDS = 900;

/** Serves magic links. WorkOS redirects to Gatehouse, which redirects to the client. */
export const passwordlessRoutes = (deps: PasswordlessDeps) =>
  implement(passwordlessContract, {
    createPasswordlessSession: (input) => create(deps, input),
  });

async function create(deps: PasswordlessDeps, input: Create) {
  const { client, actor } = input;
  const user = input.user as ActingUser | undefined;
  await requireUsersTenant(
    deps.guard,
    passwordlessContract.createPasswordlessSession.access,
    input,
  );
  const tenantId = await tenantOf(deps, input);
  const body = upstreamBody(deps, input);
  return audited(deps.audit, { actor, tenantId }, (note) => {
    const owner = { client, tenantId: tenantId ?? user?.tenantId ?? null };
    const confirm = () => confirmAgain(deps, input, owner.tenantId ?? undefined);
    const session = { ...owner, kind: 'passwordless_session', note, confirm } as const;
    return createOwned(deps, session, () => send(deps, body));
  });
}

/** Tenant of the requested connection, if any. @throws Problem `invalid-request` */
async function tenantOf(deps: PasswordlessDeps, input: Create): Promise<string | undefined> {
  const { connection } = input.body;
  if (connection === undefined) return undefined;
  const tenant = await deps.find(input.client, 'connections', `/connections/${connection}`);
  if (tenant?.status !== 'active')
    throw invalidField('connection', 'connection_invalid', 'is not a connection of the client’s');
  await confirmAgain(deps, input, tenant.id);
  return tenant.id;
}

/** The client may have lost its right while WorkOS was asked, so it is checked again. @throws Problem */
const confirmAgain = ({ guard }: PasswordlessDeps, { client, actor }: Create, tenantId?: string) =>
  guard.confirm(passwordlessContract.createPasswordlessSession.access, tenantId, {
    ...actor,
    client,
  });

function upstreamBody({ magicLinks }: PasswordlessDeps, { client, body }: Create) {
  const { type, email, connection, state, expires_in: seconds = DEFAULT_SECONDS } = body;
  const redirectUri = registered(client, body.redirect_uri);
  const login = { client, redirectUri, email, state, connection };
  return {
    type,
    email,
    connection,
    redirect_uri: magicLinks.redirectUri,
    state: magicLinks.stateOf(login, seconds),
    expires_in: body.expires_in,
  };
}

/** @throws Problem `invalid-request` */
function registered(client: Client, asked: string | undefined): string {
  const { redirectUris } = client;
  const uri = asked ?? (redirectUris.length === 1 ? redirectUris[0] : undefined);
  if (uri === undefined) throw invalidField('redirect_uri', 'required', 'is required');
  if (!isRegisteredRedirect(client, uri))
    throw invalidField('redirect_uri', 'not_registered', 'is not registered for this client');
  return uri;
}

const Session = PasswordlessSession.extend({ id: StoredId });

/** Fields that Gatehouse sets itself: the caller cannot correct an error in them. */
const OURS: ReadonlySet<string> = new Set(['redirect_uri', 'state']);

async function send({ sender }: PasswordlessDeps, body: ReturnType<typeof upstreamBody>) {
  const reply = await sender
    .send({ class: 'passwordless', method: 'post', path: '/passwordless/sessions', body })
    .catch((error: unknown) => {
      const problem = aboutTheRequest(error);
      throw problem?.errors.some(({ field }) => OURS.has(field)) ? error : (problem ?? error);
    });
  const session = parseReply(Session, reply, 'a passwordless session');
  requireSameEmail(body.email, session);
  return session;
}
