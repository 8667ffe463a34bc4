/** Problems for the person at the browser, who did not write the request: `title` says what happened, `next` what they can do. */
export const problems = {
  'problem.other.title': 'Something went wrong',
  'problem.other.next':
    'Go back to your product and start again from there. If it happens again, contact support and quote the reference below.',
  'problem.internal.title': 'Something went wrong on our side',
  'problem.internal.next':
    'Wait a moment, then reload this page. If it happens again, contact support and quote the reference below.',
  'problem.ourMistake.title': 'We could not open this page',
  'problem.ourMistake.next':
    'Nothing you did caused this. Please contact support and quote the reference below.',
  'problem.unavailable.title': 'This is not available right now',
  'problem.unavailable.next':
    'Wait a moment, then reload this page. Your link keeps working until it expires; after that, go back to your product and start again.',
  'problem.notAnswering.title': 'A service we rely on is not answering',
  'problem.notAnswering.next':
    'Wait a moment, then reload this page. Your link keeps working until it expires; after that, go back to your product and start again.',
  'problem.busy.title': 'We are very busy right now',
  'problem.busy.next':
    'Wait a moment, then reload this page. Your link keeps working until it expires; after that, go back to your product and start again.',
  'problem.tooMany.title': 'Too many requests at once',
  'problem.tooMany.next': 'Wait a minute, then open your product and start again there.',

  'problem.launchGone.title': 'This link no longer works',
  'problem.launchGone.next':
    'A link opens once, and only for a short time. Go back to your product and start again to get a new one.',
  'problem.incomplete.title': 'This link is not complete',
  'problem.incomplete.next': 'Go back to your product and start again from there.',
  'problem.notFound.title': 'There is nothing at this address',
  'problem.notFound.next':
    'Check the address, or go back to your product and start again from there.',
  'problem.unreadable.title': 'We could not read your browser’s request',
  'problem.unreadable.next': 'Go back to your product and start again from there.',
  'problem.headersTooLarge.title': 'Your browser sent too much',
  'problem.headersTooLarge.next':
    'Clear this site’s cookies, then go back to your product and start again.',
  'problem.navigation.title': 'This link is for a browser window',
  'problem.navigation.next':
    'It was loaded in advance or inside another page. Open it by clicking it, in a window of its own; it has not been used up.',
  'problem.method.title': 'This page cannot be opened this way',
  'problem.method.next':
    'Open your link again in a browser window. If that does not help, go back to your product and start again.',

  'problem.signInAddress.title': 'This sign-in address is not right',
  'problem.signInAddress.next':
    'Nothing you did caused this. Please contact support and quote the reference below.',
  'problem.loginExpired.title': 'This sign-in is no longer valid',
  'problem.loginExpired.next':
    'It took too long, was finished before, or began in another browser. Go back to your product and sign in again from there.',
  'problem.loginNotHere.title': 'Please sign in from your product',
  'problem.loginNotHere.next': 'Open the product you want to use, and choose to sign in there.',
  'problem.signInEnded.title': 'Please sign in again',
  'problem.signInEnded.next':
    'Your sign-in has ended or does not belong here. Sign in to your product, then start again from there.',
  'problem.signInFirst.title': 'Please sign in first',
  'problem.signInFirst.next':
    'Only IT admins of your organization can open this page. Sign in to your product, then start again from there.',
  'problem.itAdminRequired.title': 'Only IT admins can do this',
  'problem.itAdminRequired.next':
    'Your account is not an IT admin of this organization. Ask your IT admin to do it, or sign in with an account that is one.',
  'problem.notOnList.title': 'You are not on the list of IT admins yet',
  'problem.notOnList.next':
    'Ask your IT admin to add you, or sign in to your product and start again from there.',
  'problem.scope.title': 'Your product may not open this page',
  'problem.scope.next':
    'Nothing you did caused this. Please contact support and quote the reference below.',

  'problem.tenantNotFound.title': 'We could not find your organization',
  'problem.tenantNotFound.next':
    'Go back to your product and start again from there. If it happens again, contact support and quote the reference below.',
  'problem.paused.title': 'Your organization’s setup is paused',
  'problem.paused.next': 'Please contact support and quote the reference below.',
  'problem.needsSupport.title': 'Your organization’s setup needs our attention',
  'problem.needsSupport.next':
    'Nothing you did caused this. Please contact support and quote the reference below.',
  'problem.preparing.title': 'Your organization is still being prepared',
  'problem.preparing.next': 'This takes less than a minute. Wait a moment, then reload this page.',

  'link.heading': 'For whoever made this link',
  'link.ticket': 'must be the ticket of the launch’s url, unchanged.',
  'link.launch': 'must be the token that was sent to the Admin Portal, unchanged.',
  'link.client_id': 'must be your client’s id.',
  'link.tenant_id': 'must be your own tenant id, not an organization id (org_…).',
  'link.intent': 'must be one of {intents}.',
  'link.return_url': 'must be an https address whose origin is registered for your client.',
  'link.success_url': 'must be an https address whose origin is registered for your client.',
} as const;
