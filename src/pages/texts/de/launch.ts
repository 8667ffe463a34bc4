import type { launch as en } from '../en/launch.ts';
import type { Translation } from '../catalogue.ts';

export const launch: Translation<typeof en> = {
  'launch.lead':
    '{product} bittet Sie, dies im Admin-Portal zu erledigen. Dort ändern Sie die Einstellungen Ihrer Organisation.',
  'launch.button': 'Admin-Portal öffnen',
  'launch.failed':
    'Es wurde nichts geändert, und Ihr Link gilt weiterhin. Warten Sie kurz und versuchen Sie es dann noch einmal.',
  'launch.unexpected':
    'Sie haben diese Seite nicht erwartet? Dann schließen Sie sie einfach: Es wurde nichts geändert.',

  'opening.title': 'Das Admin-Portal wird geöffnet',
  'opening.text':
    'Sie haben eben auf die Schaltfläche geklickt. Das Admin-Portal öffnet sich in einem anderen Tab oder Fenster: Warten Sie kurz und sehen Sie dort nach. Danach können Sie diese Seite schließen.',
  'opening.missing':
    'Es hat sich nichts geöffnet? Ein Link funktioniert nur einmal. Kehren Sie zu Ihrer Anwendung zurück und beginnen Sie dort erneut, um einen neuen zu erhalten.',
};
