import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exchange, openRaw, type RawAnswer } from '../support/raw.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let gatehouse: TestApp;
let authorization: string;

beforeAll(async () => {
  gatehouse = await startTestApp();
  const client = await gatehouse.createClient();
  authorization = `Authorization: Bearer ${client.key}\r\n`;
});

afterAll(() => gatehouse.stop());

const HOST = 'Host: gatehouse\r\n';
const CLOSE = 'Connection: close\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const BODY = '{"name":"Acme"}';
const CHUNKS = `f\r\n${BODY}\r\n0\r\n\r\n`;
/** What is hidden in the body of another. */
const SECOND = 'GET /v1/tenants HTTP/1.1\r\nHost: gatehouse\r\n\r\n';

/** `AUTH` stands for a good credential: but for what is wrong, each of these would succeed. */
const get = (...lines: string[]) =>
  `GET /v1/tenants HTTP/1.1\r\n${HOST}AUTH${CLOSE}${lines.join('')}\r\n`;
const put = (lines: string, body: string) =>
  `PUT /v1/tenants/acme HTTP/1.1\r\n${HOST}AUTH${CLOSE}${JSON_TYPE}${lines}\r\n${body}`;
const withLine = (line: string, ending = '\r\n') =>
  [line, `${HOST}AUTH${CLOSE}`.trimEnd(), '', ''].join(ending);

/** [what is wrong, the bytes, the status] */
const REFUSED: [string, string, number][] = [
  ['two lengths of a body', put(`Content-Length: 15\r\n${CHUNKED}`, '0\r\n\r\n'), 400],
  ['chunks and then a length', put(`${CHUNKED}Content-Length: 15\r\n`, BODY), 400],
  ['one length twice', put('Content-Length: 15\r\nContent-Length: 15\r\n', BODY), 400],
  ['two different lengths', put('Content-Length: 15\r\nContent-Length: 16\r\n', BODY), 400],
  ['a list of lengths', put('Content-Length: 15, 15\r\n', BODY), 400],
  ['a length with a sign', put('Content-Length: +15\r\n', BODY), 400],
  ['a negative length', put('Content-Length: -15\r\n', BODY), 400],
  ['a length in hexadecimal', put('Content-Length: 0xf\r\n', BODY), 400],
  ['an empty length', put('Content-Length: \r\n', BODY), 400],
  ['a length beyond counting', put(`Content-Length: ${'9'.repeat(30)}\r\n`, BODY), 400],
  ['an unknown transfer coding', put('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), 400],
  ['chunks that are not last', put('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n'), 400],
  ['chunks of compressed bytes', put('Transfer-Encoding: gzip, chunked\r\n', CHUNKS), 400],
  ['chunks after nothing', put('Transfer-Encoding: , chunked\r\n', CHUNKS), 400],
  [
    'chunks in two headers',
    put('Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n', CHUNKS),
    400,
  ],
  ['a space before the colon', put('Transfer-Encoding : chunked\r\n', '0\r\n\r\n'), 400],
  ['a chunk of no size', put(CHUNKED, `zz\r\n${BODY}\r\n0\r\n\r\n`), 400],
  ['a chunk beyond counting', put(CHUNKED, `${'f'.repeat(17)}\r\n${BODY}\r\n0\r\n\r\n`), 400],
  ['a chunk longer than its size', put(CHUNKED, `1\r\n${BODY}\r\n0\r\n\r\n`), 400],
  ['a chunk that ends in LF', put(CHUNKED, `f\n${BODY}\n0\n\n`), 400],
  ['a chunk whose extensions have no end', put(CHUNKED, `f;${'a'.repeat(20_000)}`), 400],
  ['two hosts', get(HOST), 400],
  ['two different hosts', get('Host: evil.example\r\n'), 400],
  ['two credentials', get('AUTH'), 400],
  ['two different credentials', get('Authorization: Bearer x\r\n'), 400],
  ['two users', get('Gatehouse-User-Id: ada\r\nGatehouse-User-Id: eve\r\n'), 400],
  ['two users’ tokens', get('Gatehouse-User-Token: a\r\ngatehouse-user-token: b\r\n'), 400],
  [
    'two idempotency keys',
    put('Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 15\r\n', BODY),
    400,
  ],
  ['two media types', put(`${JSON_TYPE}Content-Length: 15\r\n`, BODY), 400],
  ['a folded line', get('X-Folded: a\r\n b\r\n'), 400],
  ['a folded credential', `GET /v1/tenants HTTP/1.1\r\n${HOST}Authorization:\r\n AUTH\r\n`, 400],
  ['lines that end in LF', withLine('GET /v1/tenants HTTP/1.1', '\n'), 400],
  ['lines that end in CR', withLine('GET /v1/tenants HTTP/1.1', '\r'), 400],
  ['NUL in a value', get('X-Nul: a\0b\r\n'), 400],
  ['NUL in a name', get('X-N\0ul: a\r\n'), 400],
  ['NUL in the path', withLine('GET /v1/ten\0ants HTTP/1.1'), 400],
  ['a carriage return in a value', get('X-Cr: a\rb\r\n'), 400],
  ['a name with a space', get('X Y: a\r\n'), 400],
  ['no name', get(': a\r\n'), 400],
  ['a line without a colon', get('X-Nothing\r\n'), 400],
  ['headers of 20 KB', get(`X-Long: ${'a'.repeat(20_000)}\r\n`), 431],
  ['1,100 headers', get('a:b\r\n'.repeat(1_100)), 431],
  ['1,100 headers before a second credential', get('a:b\r\n'.repeat(1_100), 'AUTH'), 431],
  ['a path of 20 KB', withLine(`GET /${'a'.repeat(20_000)} HTTP/1.1`), 431],
  ['no version', withLine('GET /v1/tenants'), 400],
  ['an unknown version', withLine('GET /v1/tenants HTTP/3.7'), 400],
  ['a version in words', withLine('GET /v1/tenants HTTP/one'), 400],
  ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['a space in the path', withLine('GET /v1/ten ants HTTP/1.1'), 400],
  ['an unknown method', withLine('STEAL /v1/tenants HTTP/1.1'), 400],
  ['a method in lower case', withLine('get /v1/tenants HTTP/1.1'), 400],
  ['no method', withLine('/v1/tenants HTTP/1.1'), 400],
  ['only a word', 'GARBAGE\r\n\r\n', 400],
  ['the beginning of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
  ['no host', `GET /v1/tenants HTTP/1.1\r\nAUTH${CLOSE}\r\n`, 400],
  ['CONNECT', withLine('CONNECT internal:443 HTTP/1.1'), 400],
  ['what it expects', put('Expect: 200-ok\r\nContent-Length: 15\r\n', BODY), 417],
  ['a path with a fragment', withLine('GET /v1/tenants#a HTTP/1.1'), 400],
];

const send = (bytes: string): Promise<RawAnswer> =>
  exchange(gatehouse.url, bytes.replaceAll('AUTH', authorization));

describe('a request on the wire', () => {
  it.each(REFUSED)('is refused once, and in words, for %s', async (_name, bytes, status) => {
    const { statuses, headers, body, text } = await send(bytes);

    expect(statuses).toEqual([status]);
    if (body === '') expect(headers.connection).toBe('close');
    else {
      expect(headers['content-type']).toBe('application/problem+json');
      expect(JSON.parse(body)).toMatchObject({
        type: expect.stringMatching(/\/docs\/problems#[\w-]+$/),
        title: expect.any(String),
        status,
        detail: expect.any(String),
        instance: expect.stringContaining(headers['x-request-id'] ?? '-'),
      });
    }
    expect(text).not.toMatch(/node:|HPE_|\bat .*:\d+|Error/);
  });

  it('changed nothing by all of these', async () => {
    expect(await gatehouse.database.superuser('select id from tenants')).toEqual([]);
    expect(gatehouse.workos.requests).toEqual([]);
  });

  it.each([
    ['of a GET', `GET /v1/tenants HTTP/1.1\r\n${HOST}AUTH`, 200],
    ['of a stranger', `POST /v1/portal-launches HTTP/1.1\r\n${HOST}`, 401],
    ['of an unknown path', `POST /nothing HTTP/1.1\r\n${HOST}AUTH`, 404],
    ['of a wrong method', `DELETE /v1/tenants HTTP/1.1\r\n${HOST}AUTH`, 405],
    [
      'of a wrong media type',
      `PUT /v1/tenants/acme HTTP/1.1\r\n${HOST}AUTHContent-Type: text/plain\r\n`,
      415,
    ],
  ])('is not looked for in the body %s', async (_name, head, status) => {
    const { statuses } = await send(
      `${head}${CLOSE}Content-Length: ${SECOND.length}\r\n\r\n${SECOND}`,
    );

    expect(statuses).toEqual([status]);
  });

  it('is not looked for behind a body that was too large', async () => {
    const { statuses, closed } = await send(
      `PUT /v1/tenants/acme HTTP/1.1\r\n${HOST}AUTH${JSON_TYPE}Content-Length: 70000\r\n\r\n${SECOND}`,
    );

    expect([statuses, closed]).toEqual([[413], true]);
  });

  it('is answered in turn when it comes behind another', async () => {
    const { statuses } = await send(
      `GET /v1/tenants HTTP/1.1\r\n${HOST}AUTH\r\nGET /nothing HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
    );

    expect(statuses).toEqual([200, 404]);
  });

  it('never gets the refusal of what comes behind it', async () => {
    const { statuses, closed } = await send(
      `GET /v1/tenants HTTP/1.1\r\n${HOST}AUTH\r\nGARBAGE\r\n\r\n`,
    );

    expect([statuses, closed]).toEqual([[], true]);
  });

  it('never gets a second answer when its body goes wrong after the first', async () => {
    const raw = await openRaw(gatehouse.url);
    raw.socket.write(`POST /v1/portal-launches HTTP/1.1\r\n${HOST}${JSON_TYPE}${CHUNKED}\r\n`);
    await raw.saw('"unauthenticated"');
    raw.socket.write('zz\r\n');

    const { statuses, closed } = await raw.ended();

    expect([statuses, closed]).toEqual([[401], true]);
  });

  it('is answered once when its body goes wrong before that', async () => {
    const raw = await openRaw(gatehouse.url);
    raw.socket.write(
      `PUT /v1/tenants/acme HTTP/1.1\r\n${HOST}${authorization}${JSON_TYPE}${CHUNKED}\r\n1\r\n{\r\n`,
    );
    raw.socket.write('zz\r\n');

    const { statuses, closed } = await raw.ended();

    expect([statuses, closed]).toEqual([[400], true]);
  });

  it('may be of HTTP/1.0, and its connection ends with the answer', async () => {
    const { statuses, closed } = await send('GET /v1/tenants HTTP/1.0\r\nAUTH\r\n');

    expect([statuses, closed]).toEqual([[200], true]);
  });

  it('of HTTP/1.0 may not be chunked, and nothing after it is a request', async () => {
    const { statuses, closed } = await send(
      `PUT /v1/tenants/acme HTTP/1.0\r\nAUTH${JSON_TYPE}${CHUNKED}Connection: keep-alive\r\n\r\nf\r\n${BODY}\r\n0\r\n\r\n${SECOND}`,
    );

    expect([statuses, closed]).toEqual([[400], true]);
  });

  it.each(['/', '/nowhere', '/assets/none'])('names one host at %s too', async (path) => {
    const { statuses } = await send(
      `GET ${path} HTTP/1.1\r\nAccept: text/html\r\n${HOST}Host: evil.example\r\n${CLOSE}\r\n`,
    );

    expect(statuses).toEqual([400]);
  });

  it('may name its target as a whole URL, whose host means nothing', async () => {
    const { statuses, headers } = await send(
      withLine('GET http://evil.example/v1/tenants/nothing HTTP/1.1'),
    );

    expect(statuses).toEqual([404]);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.stringify(headers)).not.toContain('evil');
  });

  it('may ask first whether to send its body', async () => {
    const raw = await openRaw(gatehouse.url);
    raw.socket.write(
      `PUT /v1/tenants/acme HTTP/1.1\r\n${HOST}${authorization}${CLOSE}Content-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`,
    );

    const { statuses } = await raw.ended();

    expect(statuses).toEqual([415]);
  });

  it('may be chunked, in any case of the word', async () => {
    const { statuses } = await send(put('Transfer-Encoding: Chunked\r\n', CHUNKS));

    expect(statuses).toEqual([201]);
  });

  it('is answered over HTTP/1.1 when it offers HTTP/2 or a WebSocket', async () => {
    const upgrade = (protocol: string) =>
      `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABkAAQCAAAA\r\n`;

    const read = await send(get(upgrade('h2c')));
    const socket = await send(get(upgrade('websocket')));
    const written = await send(put(`${upgrade('h2c')}Content-Length: 15\r\n`, BODY));

    expect([read.statuses, socket.statuses]).toEqual([[200], [200]]);
    expect(written.statuses).toEqual([200]);
  });

  it('finds the service as it was after all of these', async () => {
    expect((await send(get())).statuses).toEqual([200]);
  });
});
