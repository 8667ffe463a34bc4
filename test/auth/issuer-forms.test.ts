/** Tokens as well-known issuers write them: Auth0, Keycloak, Amazon Cognito. */
import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../src/config/config.ts';
import { signed, type Json } from '../support/forged-tokens.ts';
import { client, gatehouse, launchAs, user, useTokens, withProcess } from './tokens-setup.ts';

useTokens();

const GRANTED = '201';
const REFUSED = '401 invalid_user_token';
const NO_ADMIN = '403 it_admin_required';

/** Creates a launch with each token, on a process with other settings. @returns status and code of each */
async function outcomes(
  change: (config: Config) => Partial<Config>,
  tokens: readonly Json[],
): Promise<string[]> {
  const found: string[] = [];
  await withProcess(change, async (caller) => {
    for (const claims of tokens) {
      const token = await signed(gatehouse.issuer.privateKey, { ...user(), ...claims });
      const { status, json } = await launchAs(token, caller);
      found.push([status, json.code].filter(Boolean).join(' '));
    }
  });
  return found;
}

const claims = (changed: Partial<Config['userTokenClaims']>) => (config: Config) => ({
  userTokenClaims: { ...config.userTokenClaims, ...changed },
});
const issuer = (changed: Partial<NonNullable<Config['userToken']>>) => (config: Config) => ({
  ...claims({ azp: 'azp' })(config),
  userToken: config.userToken && { ...config.userToken, ...changed },
});

describe('USER_TOKEN_ROLES_CLAIM', () => {
  it('may be a path, and a text may name several roles', async () => {
    const keycloak = (roles: unknown) => ({ roles: [], realm_access: { roles } });

    expect(
      await outcomes(claims({ roles: 'realm_access.roles' }), [
        keycloak(['member', 'it_admin']),
        keycloak('member it_admin'),
        keycloak(['member']),
        keycloak({ it_admin: true }),
        { realm_access: ['it_admin'] },
        { realm_access: { __proto__: null } },
      ]),
    ).toEqual([GRANTED, GRANTED, NO_ADMIN, NO_ADMIN, NO_ADMIN, NO_ADMIN]);
  });

  it('may be a name with dots, which is no path', async () => {
    const name = 'https://example.com/roles';

    expect(await outcomes(claims({ roles: name }), [{ [name]: ['it_admin'], roles: [] }])).toEqual([
      GRANTED,
    ]);
  });
});

describe('USER_TOKEN_SEVERAL_AUDIENCES', () => {
  const several = (azp?: string) => ({ aud: ['gatehouse', 'https://a.example/userinfo'], azp });

  it('accepts a token for others too if it was issued to the calling client', async () => {
    expect(
      await outcomes(issuer({ severalAudiences: true }), [
        several(client.id),
        several('another'),
        several(),
        { aud: ['a', 'b'], azp: client.id },
        { aud: [], azp: client.id },
      ]),
    ).toEqual([GRANTED, REFUSED, REFUSED, REFUSED, REFUSED]);
  });

  it('is off by default', async () => {
    expect(await outcomes(issuer({}), [several(client.id)])).toEqual([REFUSED]);
  });
});

describe('USER_TOKEN_AUDIENCE_CLAIM', () => {
  it('names the audience of tokens without aud, and no other audience is accepted', async () => {
    const cognito = (changed: Json) => ({ azp: client.id, aud: undefined, ...changed });

    expect(
      await outcomes(issuer({ audienceClaim: 'client_id', audience: 'app-1' }), [
        cognito({ client_id: 'app-1' }),
        cognito({ client_id: 'app-2' }),
        cognito({ client_id: ['app-1'] }),
        cognito({}),
        cognito({ client_id: 'app-1', aud: 'app-1' }),
        cognito({ client_id: 'app-1', aud: 'another' }),
      ]),
    ).toEqual([GRANTED, REFUSED, REFUSED, REFUSED, GRANTED, REFUSED]);
  });
});
