/** The e-mail that invites an IT admin. The title is that of the intent's task. */
export const mail = {
  'mail.subject': '{product}: {task} for {tenant}',
  'mail.any': 'Set up your organization',
  'mail.lead':
    '{product} asks you, as an IT admin of {tenant}, to do this in the Admin Portal. The button opens it.',
  'mail.button': 'Open the Admin Portal',
  'mail.until':
    'The link works until {time}, and only once. Do not forward it: whoever opens it can change the settings of your organization.',
  'mail.copy': 'If the button does not work, open this address in your browser:',
  'mail.unexpected':
    'You did not expect this e-mail? Then do not open the link. Nothing has been changed, and the link expires by itself.',
} as const;
