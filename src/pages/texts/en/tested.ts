/** The page about a tested sign-in: what came back, or the likely cause of an error. */
export const tested = {
  'test.works': 'The sign-in works',
  'test.incomplete': 'The sign-in works, but details are missing',
  'test.worksText':
    'Your identity provider signed you in and sent these details. They are what your product gets about each person.',
  'test.missing':
    'Your identity provider sent no value for: {names}. Add it to the attributes (claims) that it sends.',
  'test.email': 'E-mail address',
  'test.firstName': 'First name',
  'test.lastName': 'Last name',
  'test.idpId': 'ID at the identity provider',
  'test.raw': 'Everything that was sent',
  'test.nothingKept':
    'This was only a test: you are not signed in anywhere, and none of this is stored.',
  'test.failed': 'The sign-in did not work',
  'test.unfinished':
    'The test did not finish, and nobody was signed in. Wait a moment, then test again, or go back to the overview.',
  'test.again': 'Test again',
  'test.said': 'This is what came back:',
  'test.code': 'Error code:',
  'test.cause.access_denied':
    'Your identity provider refused. Usually the application is not assigned to the person who signed in: assign it there to the people or groups who are to sign in, then test again.',
  'test.cause.connection':
    'The connection itself is not accepted. It may be deactivated or not finished: open the settings of single sign-on and check it.',
  'test.cause.oauth':
    'Your identity provider did not accept the application. Check the client ID, the client secret (it may have expired) and the redirect URI, in both places.',
  'test.cause.secret':
    'The client secret is wrong or has expired. Make a new one at your identity provider and enter it in the settings of single sign-on.',
  'test.cause.redirect':
    'The redirect URI (reply URL) at your identity provider differs from the one that the Admin Portal shows. Copy it from there exactly.',
  'test.cause.certificate':
    'The signature could not be checked. Usually the identity provider has a new certificate: upload it in the settings of single sign-on.',
  'test.cause.audience':
    'The entity ID (audience or issuer) at your identity provider differs from the one in the Admin Portal. Compare them character by character.',
  'test.cause.clock':
    'The answer was not valid at this time. Check the clock of your identity provider, then test again.',
  'test.cause.attribute':
    'Your identity provider did not send a needed attribute, usually the e-mail address. Add it to the attributes (claims) that it sends.',
  'test.cause.domain':
    'The e-mail address of the person is outside the domains of your organization. Verify its domain, or sign in with an address of a verified domain.',
  'test.cause.consent':
    'The person did not agree to the sign-in. Test again and agree, or have an administrator of the identity provider agree for everyone.',
  'test.cause.server':
    'The answer of your identity provider could not be used. Compare the certificate, the entity ID and the URLs in both places; if they agree, test again in a few minutes.',
  'test.cause.again': 'The answer was too old or used before. Test again.',
  'test.cause.foreign':
    'Somebody from another organization signed in. Sign in with an account of your own organization.',
  'test.cause.other':
    'The sign-in was refused. Compare the settings of your identity provider with those in the Admin Portal, then test again.',
} as const;
