import type { mail as english } from '../en/mail.ts';
import type { Translation } from '../catalogue.ts';

export const mail: Translation<typeof english> = {
  'mail.subject': '{product}: {task} für {tenant}',
  'mail.any': 'Organisation einrichten',
  'mail.lead':
    '{product} bittet Sie als IT-Administrator von {tenant}, dies im Admin-Portal zu erledigen.',
  'mail.anyLead':
    '{product} bittet Sie als IT-Administrator von {tenant}, die Anmeldung und alles, was dazugehört, einzurichten. Die Seite zeigt, was eingerichtet ist und was als Nächstes zu tun ist.',
  'mail.anyUntil':
    'Der Link funktioniert bis {time} und öffnet die Seite nur in einem Browser, für eine Stunde. Leiten Sie ihn nicht weiter: Wer ihn öffnet, kann die Einstellungen Ihrer Organisation ändern.',
  'mail.button': 'Admin-Portal öffnen',
  'mail.until':
    'Der Link funktioniert bis {time} und nur einmal. Leiten Sie ihn nicht weiter: Wer ihn öffnet, kann die Einstellungen Ihrer Organisation ändern.',
  'mail.copy': 'Falls die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse im Browser:',
  'mail.unexpected':
    'Sie haben diese E-Mail nicht erwartet? Dann öffnen Sie den Link nicht. Es wurde nichts geändert, und der Link läuft von selbst ab.',
};
