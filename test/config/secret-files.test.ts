/** A secret in a file, as Kubernetes mounts it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.ts';
import { FULL, problemsOf, SAMPLES, settings, without } from './config-setup.ts';

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('NAME_FILE', () => {
  const secrets = settings.filter(([, { secret }]) => secret).map(([name]) => name);
  const fileWith = (text: string): string => {
    const file = join(directory, 'secret');
    writeFileSync(file, text);
    return file;
  };

  it.each(secrets)('contains %s, optionally with a line end', (name) => {
    const file = fileWith(`${SAMPLES[name]?.[0] ?? ''}\n`);

    expect(problemsOf({ ...without(name), [`${name}_FILE`]: file })).toEqual([]);
  });

  it.each(secrets)('is named when %s in it is malformed', (name) => {
    const problems = problemsOf({ ...without(name), [`${name}_FILE`]: fileWith('LEAKED') });

    expect(problems).toEqual([expect.stringMatching(`^${name}: `)]);
    expect(problems.join('\n')).not.toContain('LEAKED');
  });

  it('is refused beside the setting itself', () => {
    const env = { ...FULL, WORKOS_API_KEY_FILE: fileWith('sk_live_LEAKED') };

    expect(problemsOf(env)).toEqual([expect.stringMatching(/^WORKOS_API_KEY: is given twice/)]);
  });

  it('is as if it were not given when it is empty', () => {
    const empty = fileWith('\n');

    expect(
      loadConfig({ ...FULL, WORKOS_WEBHOOK_SECRETS: '', WORKOS_WEBHOOK_SECRETS_FILE: empty }).workos
        .webhookSecrets,
    ).toEqual([]);
    expect(problemsOf({ ...without('WORKOS_API_KEY'), WORKOS_API_KEY_FILE: empty })).toEqual([
      'WORKOS_API_KEY: is required, and the file of WORKOS_API_KEY_FILE is empty',
    ]);
  });

  it('is named when it cannot be read', () => {
    const env = { ...without('WORKOS_API_KEY'), WORKOS_API_KEY_FILE: join(directory, 'none') };

    expect(problemsOf(env)).toEqual(['WORKOS_API_KEY_FILE: cannot be read (ENOENT)']);
  });
});
