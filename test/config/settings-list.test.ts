import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Setting } from '../../src/config/setting.ts';
import { expectCommitted } from '../support/committed-docs.ts';
import { settings } from './config-setup.ts';

describe('the list of settings', () => {
  const page = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const statedDefault = ({ default: value, optional }: Setting): string => {
    if (value !== undefined) return `Default \`${value}\`.`;
    return optional ? 'Optional.' : '**Required.**';
  };
  const entry = (name: string, setting: Setting): string =>
    `### \`${name}\`

${statedDefault(setting)} ${setting.description}${setting.secret ? ` Secret: may be given as \`${name}_FILE\`, the path of a file.` : ''}
`;

  it('is docs/settings.md', async () => {
    await expectCommitted(
      'docs/settings.md',
      `# Settings

<!-- Generated: UPDATE_DOCS=1 npm test -- test/config/settings-list.test.ts -->

Settings are environment variables, read once at the start. A missing or invalid setting stops the process; the message names the setting and never shows its value. [.env.example](../.env.example) has all of them.

${settings.map(([name, setting]) => entry(name, setting)).join('\n')}`,
      { proseWrap: 'always' },
    );
  });

  it('is .env.example, with each default, where only settings required in production are set', () => {
    const [, ofGatehouse = ''] = page('.env.example').split('# --- Gatehouse. ---');
    const lines = ofGatehouse.split('\n').filter((line) => /^(# )?[A-Z_]+=/.test(line));

    expect(lines.map((line) => line.replace(/^# /, '').split('=')[0])).toEqual(
      settings.map(([name]) => name),
    );
    for (const [name, { default: value, optional }] of settings) {
      const line = lines.find((one) => one.replace(/^# /, '').startsWith(`${name}=`)) ?? '';
      // GATEHOUSE_KEYS is required too, but nobody should run with an example of it.
      const required = (value === undefined && !optional) || name === 'WORKOS_EXTERNAL_ID_PREFIX';
      expect(line.startsWith('# ')).toBe(!required);
      if (value !== undefined && !optional) expect(line).toBe(`# ${name}=${value}`);
    }
  });
});
