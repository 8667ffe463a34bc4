import type { z } from 'zod';
import { MAIL } from './mail-settings.ts';
import { OPERATION } from './operation-settings.ts';
import { SERVER } from './server-settings.ts';
import type { Setting } from './setting.ts';
import { TOKENS } from './token-settings.ts';
import { TRACING } from './tracing-settings.ts';
import { WORKOS } from './workos-settings.ts';

/**
 * Every setting: its name, meaning, default and schema. `docs/settings.md` is generated from this
 * list, and `.env.example` is tested against it. `config.ts` reads the values.
 */
export const SETTINGS = {
  ...SERVER,
  ...WORKOS,
  ...TOKENS,
  ...OPERATION,
  ...MAIL,
  ...TRACING,
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
/** The parsed values of all settings. */
export type Values = {
  [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']> | Absent<Name>;
};
type Absent<Name extends SettingName> = (typeof SETTINGS)[Name] extends { optional: true }
  ? undefined
  : never;
