/** Reads and validates the settings. The only reader of `process.env`. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { issueText } from '../core/issue-texts.ts';
import { brokenRules, isDevelopmentName } from './rules.ts';
import { configFrom, type Config } from './config-from.ts';
import { describeLookAlike, lookAlikes } from './look-alikes.ts';
import type { Setting } from './setting.ts';
import { port } from './schemas.ts';
import { SETTINGS, type SettingName, type Values } from './settings.ts';

export { developmentKey } from './config-from.ts';
export type { Config, TokenIssuer, TracingConfig } from './config-from.ts';
export type { SamplerName } from './tracing-settings.ts';

/** Invalid settings: lists all of them, and never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Reads all settings. @throws ConfigError */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const { values, problems } = readSettings(env);
  if (problems.length > 0) throw new ConfigError(problems);
  return configFrom(values as Values);
}

/** Reads the settings as far as they are valid, for a diagnosis. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): {
  /** Lacks the invalid ones, so that nobody uses them: the WorkOS key must not go to another host. */
  readonly values: Partial<Values>;
  readonly problems: readonly string[];
} {
  const given = withProxies(withoutEmpty(env));
  const problems: string[] = [];
  const invalid = new Set<string>();
  const values = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, setting]) => {
      const before = problems.length;
      const value = read(name, setting, given, problems);
      if (problems.length > before) invalid.add(name);
      return [name, value];
    }),
  ) as Values;
  for (const { settings, message } of brokenRules(values, invalid)) {
    // One fault is enough to know which setting is wrong; two may come of the same mistake.
    if (!invalid.has(settings[0])) problems.push(message);
    invalid.add(settings[0]);
  }
  if (given.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    problems.push('NODE_TLS_REJECT_UNAUTHORIZED: must not be 0; certificates are always checked');
  const valid = Object.entries(values).filter(([name]) => !invalid.has(name));
  return { values: Object.fromEntries(valid), problems };
}

/** Describes variables of the environment that look like mistyped settings, a line each. */
export const mistypedSettings = (env: NodeJS.ProcessEnv = process.env): string[] =>
  lookAlikes(withoutEmpty(env)).map(describeLookAlike);

/** The error of the file that NODE_EXTRA_CA_CERTS names, which Node ignores. Undefined if it can be read, or none is named. */
export function extraCaFault({ NODE_EXTRA_CA_CERTS: path }: NodeJS.ProcessEnv = process.env) {
  if (!path) return undefined;
  try {
    readFileSync(path);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}

/** Reads one setting, for commands that need only that. @throws ConfigError */
export function loadSetting<Name extends SettingName>(
  name: Name,
  env: NodeJS.ProcessEnv = process.env,
): Values[Name] {
  const problems: string[] = [];
  const value = read(name, SETTINGS[name], withoutEmpty(env), problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return value as Values[Name];
}

/** Overrides settings of this process. */
export function overrideSettings(settings: Readonly<Record<string, string>>): void {
  Object.assign(process.env, settings);
}

export const isDevelopment = (env: NodeJS.ProcessEnv = process.env): boolean =>
  isDevelopmentName(env.NODE_ENV);

/** Ports of `gatehouse dev`, which needs no other setting. */
export function developmentPorts(env: NodeJS.ProcessEnv = process.env) {
  const given = withoutEmpty(env);
  const portOf = (name: string, standard: number): number => {
    const result = port.safeParse(given[name] ?? standard);
    if (!result.success) throw new ConfigError([`${name}: must be a port`]);
    return result.data;
  };
  return {
    gatehouse: portOf('PORT', 8080),
    admin: portOf('ADMIN_PORT', 8081),
    product: portOf('PRODUCT_PORT', 3000),
    workos: portOf('WORKOS_PORT', 8090),
  };
}

/** The address that `gatehouse dev` listens on: another in a container, whose ports are published on loopback. */
export const developmentHost = (env: NodeJS.ProcessEnv = process.env): string =>
  withoutEmpty(env).HOST ?? '127.0.0.1';

/** The fake WorkOS for `gatehouse dev` that runs elsewhere. Undefined if none was named: it starts its own. */
export function developmentWorkos(env: NodeJS.ProcessEnv = process.env) {
  if (withoutEmpty(env).WORKOS_API_BASE_URL === undefined) return undefined;
  return {
    url: loadSetting('WORKOS_API_BASE_URL', env),
    apiKey: loadSetting('WORKOS_API_KEY', env).reveal(),
    clientId: loadSetting('WORKOS_CLIENT_ID', env),
    webhookSecret: loadSetting('WORKOS_WEBHOOK_SECRETS', env)?.[0]?.reveal() ?? '',
  };
}

/** Treats `NAME=` in an env file as not set. */
const withoutEmpty = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );

/** Other programs read the lower-case names of these settings, and prefer them. */
const withProxies = (env: Record<string, string>): Record<string, string> => ({
  ...env,
  ...(env.https_proxy && { HTTPS_PROXY: env.https_proxy }),
  ...(env.http_proxy && { HTTP_PROXY: env.http_proxy }),
  ...(env.no_proxy && { NO_PROXY: env.no_proxy }),
});

function read(
  name: string,
  setting: Setting,
  env: Record<string, string>,
  problems: string[],
): unknown {
  const text = textOf(name, setting, env, problems);
  if (text === UNREADABLE) return undefined;
  if (text === undefined) {
    if (!setting.optional) problems.push(missing(name, setting, env));
    return undefined;
  }
  const result = z.safeParse(setting.schema, text, { error: issueText });
  // `docker run --env-file` and hand-made Kubernetes Secrets keep quotes.
  const quotes = /^(["']).*\1$/s.test(text) ? '; remove the quotes around it' : '';
  for (const { message } of result.error?.issues.slice(0, 1) ?? [])
    problems.push(`${name}: ${message}${quotes}`);
  return result.data;
}

const missing = (name: string, setting: Setting, env: Record<string, string>): string =>
  setting.secret && env[`${name}_FILE`]
    ? `${name}: is required, and the file of ${name}_FILE is empty`
    : `${name}: is required (${setting.description})`;

/** A file that the problems already name. */
const UNREADABLE = Symbol('unreadable');

function textOf(
  name: string,
  setting: Setting,
  env: Record<string, string>,
  problems: string[],
): string | typeof UNREADABLE | undefined {
  const file = setting.secret && env[`${name}_FILE`];
  if (!file) return env[name] ?? (setting.optional ? undefined : setting.default);
  if (env[name]) problems.push(`${name}: is given twice, also as ${name}_FILE`);
  try {
    // An empty file is like NAME= in an env file.
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    problems.push(`${name}_FILE: cannot be read (${code})`);
    return UNREADABLE;
  }
}
