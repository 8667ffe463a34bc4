/** A minimal WorkOS and the JWKS of a token issuer, without latency or checks. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './processes.ts';

let keys = '';
let profiles = 0;

const link = () =>
  `{"link":"http://127.0.0.1:${(server.address() as AddressInfo).port}/portal/launch?secret=s3"}`;

/** The code names the organization of the profile: `<organization id>.<anything>`. */
const token = (form: string): string =>
  JSON.stringify({
    access_token: 'access-token-of-workos',
    token_type: 'Bearer',
    expires_in: 600,
    profile: {
      object: 'profile',
      id: `prof_${(profiles += 1)}`,
      organization_id: /\bcode=(org_\w+)\./.exec(form)?.[1] ?? null,
      connection_id: 'conn_1',
      connection_type: 'OktaSAML',
      idp_id: 'idp-1',
      email: 'ada@acme.example',
      first_name: 'Ada',
      last_name: 'Lovelace',
      groups: ['engineering', 'admins'],
      custom_attributes: {},
      raw_attributes: { email: 'ada@acme.example', department: 'Analytical engines' },
    },
  });

const NO_EVENTS = '{"object":"list","data":[],"list_metadata":{"after":null}}';

const answerOf = async (req: IncomingMessage): Promise<string> => {
  const sent = Buffer.concat(await req.toArray()).toString();
  if (req.url === '/jwks.json') return keys;
  if (req.url?.startsWith('/events')) return NO_EVENTS;
  return req.url === '/sso/token' ? token(sent) : link();
};

const server = createServer((req, res) => {
  void answerOf(req).then((body) => {
    res.writeHead(req.url === '/portal/generate_link' ? 201 : 200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
    });
    res.end(body);
  });
});

answer({
  listen: ({ jwks }: { jwks: object }) => {
    keys = JSON.stringify(jwks);
    return new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );
  },
});
