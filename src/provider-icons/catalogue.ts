/**
 * Maps types of connections and directories to the provider's name and the slug of its icon. WorkOS
 * has no endpoint for this, only images on its CDN. Without a slug, there is no known icon.
 *
 * @see https://workos.com/docs/integrations (names), the OpenAPI specification (types)
 */
export const PROVIDERS: Readonly<Record<string, readonly [name: string, slug?: string]>> = {
  ADFSSAML: ['AD FS', 'microsoft'],
  AdpOidc: ['ADP', 'adp'],
  AppleOAuth: ['Apple', 'apple'],
  Auth0Migration: ['Auth0', 'auth0'],
  Auth0SAML: ['Auth0', 'auth0'],
  AzureSAML: ['Microsoft Entra ID', 'azure'],
  BitbucketOAuth: ['Bitbucket', 'bitbucket'],
  CasSAML: ['CAS', 'cas'],
  ClassLinkSAML: ['ClassLink', 'classlink'],
  CleverOIDC: ['Clever', 'clever'],
  CloudflareSAML: ['Cloudflare', 'cloudflare'],
  CyberArkSAML: ['CyberArk', 'cyberark'],
  DiscordOAuth: ['Discord', 'discord'],
  DuoSAML: ['Duo', 'duo'],
  EntraIdOIDC: ['Microsoft Entra ID', 'azure'],
  GenericOIDC: ['OpenID Connect', 'generic-oidc'],
  GenericSAML: ['SAML'],
  GitHubOAuth: ['GitHub'],
  GithubOAuth: ['GitHub'],
  GitLabOAuth: ['GitLab'],
  GoogleOAuth: ['Google', 'google'],
  GoogleOIDC: ['Google', 'google'],
  GoogleSAML: ['Google Workspace', 'google'],
  GrokOAuth: ['Grok'],
  IntuitOAuth: ['Intuit', 'intuit'],
  JumpCloudSAML: ['JumpCloud', 'jumpcloud'],
  KeycloakSAML: ['Keycloak', 'keycloak'],
  LastPassSAML: ['LastPass', 'lastpass'],
  LinkedInOAuth: ['LinkedIn', 'linkedin'],
  LoginGovOidc: ['Login.gov', 'login-gov'],
  MagicLink: ['Magic link'],
  MicrosoftOAuth: ['Microsoft', 'microsoft'],
  MiniOrangeSAML: ['miniOrange', 'miniorange'],
  NetIqSAML: ['NetIQ', 'net-iq'],
  OktaOIDC: ['Okta', 'okta'],
  OktaSAML: ['Okta', 'okta'],
  OneLoginSAML: ['OneLogin', 'onelogin'],
  OracleSAML: ['Oracle', 'oracle'],
  Pending: ['Not chosen yet'],
  PingFederateSAML: ['PingFederate', 'ping-identity'],
  PingOneSAML: ['PingOne', 'ping-identity'],
  RipplingSAML: ['Rippling', 'rippling'],
  SalesforceOAuth: ['Salesforce', 'salesforce'],
  SalesforceSAML: ['Salesforce', 'salesforce'],
  ShibbolethGenericSAML: ['Shibboleth', 'shibboleth'],
  ShibbolethSAML: ['Shibboleth', 'shibboleth'],
  SimpleSamlPhpSAML: ['SimpleSAMLphp', 'simple-saml-php'],
  SlackOAuth: ['Slack', 'slack'],
  TestIdp: ['Test identity provider'],
  VercelMarketplaceOAuth: ['Vercel Marketplace', 'vercel'],
  VercelOAuth: ['Vercel', 'vercel'],
  VMwareSAML: ['VMware', 'vmware'],
  XeroOAuth: ['Xero', 'xero'],
  XOAuth: ['X'],

  'azure scim v2.0': ['Microsoft Entra ID', 'azure'],
  bamboohr: ['BambooHR', 'bamboo-hr'],
  'breathe hr': ['Breathe HR', 'breathe-hr'],
  'cezanne hr': ['Cezanne HR', 'cezanne-hr'],
  'cyberark scim v2.0': ['CyberArk', 'cyberark'],
  'fourth hr': ['Fourth', 'fourth'],
  'generic scim v2.0': ['SCIM'],
  'gsuite directory': ['Google Workspace', 'google'],
  gusto: ['Gusto'],
  hibob: ['HiBob', 'hibob'],
  'jump cloud scim v2.0': ['JumpCloud', 'jumpcloud'],
  'okta scim v2.0': ['Okta', 'okta'],
  'onelogin scim v2.0': ['OneLogin', 'onelogin'],
  'people hr': ['Access PeopleHR', 'access-people-hr'],
  personio: ['Personio', 'personio'],
  'pingfederate scim v2.0': ['PingFederate', 'ping-identity'],
  rippling: ['Rippling', 'rippling'],
  'rippling scim v2.0': ['Rippling', 'rippling'],
  s3: ['Amazon S3', 'aws'],
  'sailpoint scim v2.0': ['SailPoint', 'sailpoint'],
  sftp: ['SFTP'],
  'sftp workday': ['Workday', 'workday'],
  workday: ['Workday', 'workday'],
};

const CDN = 'https://cdn.workos.com/provider-icons';

/** An unknown type gets its own name and no icon, so that a list has an entry for every type. */
export function providerIcon(type: string) {
  const [name, slug] = (Object.hasOwn(PROVIDERS, type) ? PROVIDERS[type] : undefined) ?? [type];
  const icon = (theme: 'light' | 'dark') => `${CDN}/${theme}/${slug}.svg`;
  return {
    type,
    name,
    icon: slug === undefined ? null : { light: icon('light'), dark: icon('dark') },
  };
}
