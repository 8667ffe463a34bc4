// Ends with 0 if the process answers: for HEALTHCHECK, in an image without curl.
// `node healthcheck.mjs [/readyz]`; by default /livez.
const { get } = process.getBuiltinModule('node:http');

const { HOST, ADMIN_PORT } = process.env;
const host = !HOST || ['0.0.0.0', '::'].includes(HOST) ? '127.0.0.1' : HOST;
const path = process.argv[2] ?? '/livez';

get({ host, port: ADMIN_PORT || 8081, path, timeout: 2_000 }, (res) => {
  res.resume();
  if (res.statusCode !== 200) fail(`answered ${res.statusCode}`);
})
  .on('timeout', () => fail('does not answer'))
  .on('error', ({ code }) => fail(code));

function fail(what) {
  console.error(`${path} ${what}`);
  process.exit(1);
}
