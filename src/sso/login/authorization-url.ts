import { invalidField, Problem } from '../../core/problem.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { AuthorizationError } from '../protocol/authorization-request.ts';
import type { ssoContract } from '../protocol/contract.ts';
import { withParameters } from '../protocol/flow.ts';
import type { Authorize } from './authorize.ts';

export interface AuthorizationUrlDeps {
  readonly authorize: Pick<Authorize, 'check'>;
  readonly publicUrl: string;
}

/**
 * POST /v1/sso/authorization-urls: returns a URL of `GET /sso/authorize`. Errors that a browser would
 * carry to the redirect URI are problems here.
 *
 * @throws Problem `tenant-not-found`, `unregistered-redirect-uri`, `invalid-request`
 */
export async function authorizationUrl(
  { authorize, publicUrl }: AuthorizationUrlDeps,
  { body, client }: InputOf<typeof ssoContract, 'createAuthorizationUrl'>,
) {
  const request = {
    ...body,
    ...(body.code_challenge !== undefined && { code_challenge_method: 'S256' }),
  };
  await authorize.check(client, request).catch((error: unknown) => {
    throw error instanceof AuthorizationError ? asProblem(error) : error;
  });
  const url = withParameters(`${publicUrl}/sso/authorize`, {
    client_id: client.id,
    response_type: 'code',
    ...request,
  });
  return { object: 'authorization_url' as const, url };
}

const asProblem = ({ code, field, message }: AuthorizationError): Problem =>
  code === 'organization_invalid'
    ? new Problem('tenant-not-found', message)
    : invalidField(field, code, message);
