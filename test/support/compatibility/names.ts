/** The same method under the names of the years. */
import type { Generation } from './call.ts';

/** Resources whose every method is compared in SDK 7 and 8 too, as SDK 11 calls them. */
export const RESOURCES = [
  'organizations',
  'organizationDomains',
  'adminPortal',
  'sso',
  'directorySync',
  'auditLogs',
  'multiFactorAuth',
  'passwordless',
  'userManagement',
  'authorization',
  'groups',
  'apiKeys',
  'widgets',
  'featureFlags',
  'events',
  'webhooks',
] as const;

const RENAMED: Readonly<Record<string, string>> = { multiFactorAuth: 'mfa', adminPortal: 'portal' };

const METHODS: Readonly<Record<string, string>> = {
  'apiKeys.createValidation': 'apiKeys.validateApiKey',
  'widgets.createToken': 'widgets.getToken',
  'organizationDomains.getOrganizationDomain': 'organizationDomains.get',
  'organizationDomains.verifyOrganizationDomain': 'organizationDomains.verify',
  'organizationDomains.createOrganizationDomain': 'organizationDomains.create',
  'organizationDomains.deleteOrganizationDomain': 'organizationDomains.delete',
  'multiFactorAuth.createUserAuthFactor': 'userManagement.enrollAuthFactor',
  'multiFactorAuth.listUserAuthFactors': 'userManagement.listAuthFactors',
};

/** As a generation of the SDK calls a method, or a resource, that SDK 11 calls so. */
export function nameIn(generation: Generation, method: string): string {
  if (generation === 11) return method;
  const [resource = '', ...name] = method.split('.');
  return METHODS[method] ?? [RENAMED[resource] ?? resource, ...name].join('.');
}
