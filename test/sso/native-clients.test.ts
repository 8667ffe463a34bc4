import { beforeAll, describe, expect, it } from '@jest/globals';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { authorizePath, connect, createBrowser, signIn } from '../support/sign-in.ts';

const gatehouse = useGatehouse();
const APP = 'com.example.app:/callback';

const native = (...redirectUris: string[]) => gatehouse.createClient({ redirectUris });

beforeAll(async () => {
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
});

describe('the redirect URI of a native client (RFC 8252)', () => {
  it('may have any port on a loopback address', async () => {
    const client = await native('http://127.0.0.1:8000/cb', 'http://[::1]/cb?x=1');

    for (const redirect_uri of ['http://127.0.0.1:49152/cb', 'http://[::1]:50000/cb?x=1']) {
      const { onward } = await signIn(gatehouse, client, { query: { redirect_uri } });
      expect(onward.href.startsWith(redirect_uri)).toBe(true);
    }
  });

  it('may be the scheme of an app', async () => {
    const client = await native(APP);

    const { onward, code } = await signIn(gatehouse, client, { query: { redirect_uri: APP } });

    expect(onward.href).toMatch(/^com\.example\.app:\/callback\?code=/);
    expect(code).not.toBe('');
  });

  it.each([
    'http://127.0.0.1:8000/cb/',
    'http://127.0.0.1:8000/',
    'http://127.0.0.1:8000',
    'http://127.0.0.1:8000/cb?x=1',
    'http://127.0.0.1:8000/cb#x',
    'http://127.0.0.1:99999/cb',
    'http://127.0.0.1:8000@evil.example/cb',
    'http://127.0.0.1:@evil.example/cb',
    'http://127.0.0.1.evil.example/cb',
    'http://127.0.0.2:8000/cb',
    'http://127.1:8000/cb',
    'http://localhost:8000/cb',
    'http://[::1]:8000/cb',
    'https://127.0.0.1:8000/cb',
    'HTTP://127.0.0.1:8000/cb',
    'com.example.app:/callback/x',
    'com.example.app:/Callback',
    'com.example.other:/callback',
  ])('is otherwise compared exactly: %s', async (redirect_uri) => {
    const client = await native('http://127.0.0.1:8000/cb', APP);

    const page = await createBrowser(gatehouse).get(authorizePath(client, { redirect_uri }));

    expect([page.status, page.location]).toEqual([400, undefined]);
  });

  it('has a port that may differ from the registered one only for loopback addresses', async () => {
    const client = await native('https://app.example.com/cb');
    const redirect_uri = 'https://app.example.com:8443/cb';

    const page = await createBrowser(gatehouse).get(authorizePath(client, { redirect_uri }));

    expect(page.status).toBe(400);
  });
});
