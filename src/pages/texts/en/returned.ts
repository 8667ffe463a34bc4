/** The page for an IT admin who comes back from the Admin Portal. */
export const returned = {
  'returned.active': 'Your settings are saved and in use.',
  'returned.activeUnused':
    'Your settings are saved. We have not seen anybody sign in with them yet: sign in once yourself, to see that they work, before you tell the others.',
  'returned.saved': 'What you have entered is saved.',
  'returned.unchanged': 'We see no change from this visit yet.',
  'returned.nothing':
    'We see nothing from this visit yet. You can open the Admin Portal again from your product whenever you are ready.',
  'returned.notRevealed.title': 'You are back from the Admin Portal',
  'returned.notRevealed':
    'Changes that you saved there are kept. This page cannot show them; open the Admin Portal again from your product to see them.',
  'returned.unknown.title': 'We do not know the result yet',
  'returned.unknown':
    'Checking took too long this time. Changes that you saved in the Admin Portal are kept.',

  'returned.next.sso':
    'It is in use once your identity provider is connected. If steps are left there, finish them; if steps are left here, open the Admin Portal again from your product.',
  'returned.next.dsync':
    'It is in use once your identity provider has begun to send people and groups. If steps are left, open the Admin Portal again from your product.',
  'returned.next.domain_verification':
    'The check goes on by itself once the DNS record is in place, which can take hours to be seen everywhere.',
  'returned.next.other':
    'Some changes take a few minutes to show. If steps are left, open the Admin Portal again from your product.',

  'returned.repair.domain_verification':
    'The DNS record was not found in time. To try again, open the Admin Portal again from your product.',
  'returned.repair.certificate_renewal':
    'It ends soon or has ended, and with it the way to sign in. To renew it, open the Admin Portal again from your product.',
  'returned.repair.other': 'To fix it, open the Admin Portal again from your product.',
  'returned.repair.soon': 'A change that you have just made may take a few minutes to show.',

  'returned.domains':
    '{verified, number} of {count, number} domains {verified, plural, one {is verified} other {are verified}}',
  'returned.allDomains': 'All {count, number} domains are verified',
  'returned.continue': 'Continue to {host}',
  'returned.again': 'Check again',
  'returned.close': 'You can close this page.',

  'state.active': 'Active',
  'state.verified': 'Verified',
  'state.unfinished': 'Not finished',
  'state.validating': 'Being checked',
  'state.inactive': 'Not active',
  'state.invalidCredentials': 'Credentials not accepted',
  'state.deleting': 'Being removed',
  'state.pending': 'Waiting for verification',
  'state.unverified': 'Not verified',
  'state.failed': 'Verification failed',
  'state.error': 'Not working',
  'state.current': 'Up to date',
  'state.expiring': 'Ends soon',
  'state.expired': 'Has ended',
} as const;
