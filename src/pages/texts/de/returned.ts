import type { returned as en } from '../en/returned.ts';
import type { Translation } from '../catalogue.ts';

export const returned: Translation<typeof en> = {
  'returned.active': 'Ihre Einstellungen sind gespeichert und in Verwendung.',
  'returned.activeUnused':
    'Ihre Einstellungen sind gespeichert. Bisher hat sich damit noch niemand angemeldet: Melden Sie sich einmal selbst an, um zu prüfen, dass alles funktioniert, bevor Sie die anderen informieren.',
  'returned.saved': 'Ihre Eingaben sind gespeichert.',
  'returned.unchanged': 'Von diesem Besuch ist noch keine Änderung zu sehen.',
  'returned.nothing':
    'Von diesem Besuch ist noch nichts zu sehen. Sie können das Admin-Portal jederzeit wieder aus Ihrer Anwendung öffnen.',
  'returned.notRevealed.title': 'Sie sind zurück aus dem Admin-Portal',
  'returned.notRevealed':
    'Änderungen, die Sie dort gespeichert haben, bleiben erhalten. Diese Seite kann sie nicht anzeigen. Um sie zu sehen, öffnen Sie das Admin-Portal erneut aus Ihrer Anwendung.',
  'returned.unknown.title': 'Das Ergebnis ist noch nicht bekannt',
  'returned.unknown':
    'Die Prüfung hat diesmal zu lange gedauert. Änderungen, die Sie im Admin-Portal gespeichert haben, bleiben erhalten.',

  'returned.next.sso':
    'Single Sign-on ist aktiv, sobald Ihr Identitätsanbieter verbunden ist. Führen Sie dort die offenen Schritte zu Ende. Sind hier noch Schritte offen, öffnen Sie das Admin-Portal erneut aus Ihrer Anwendung.',
  'returned.next.dsync':
    'Die Synchronisierung läuft, sobald Ihr Identitätsanbieter Personen und Gruppen überträgt. Sind noch Schritte offen, öffnen Sie das Admin-Portal erneut aus Ihrer Anwendung.',
  'returned.next.domain_verification':
    'Die Prüfung läuft von selbst weiter, sobald der DNS-Eintrag gesetzt ist. Bis er überall sichtbar ist, können Stunden vergehen.',
  'returned.next.other':
    'Manche Änderungen sind erst nach einigen Minuten zu sehen. Sind noch Schritte offen, öffnen Sie das Admin-Portal erneut aus Ihrer Anwendung.',

  'returned.repair.domain_verification':
    'Der DNS-Eintrag wurde nicht rechtzeitig gefunden. Um es noch einmal zu versuchen, öffnen Sie das Admin-Portal erneut aus Ihrer Anwendung.',
  'returned.repair.certificate_renewal':
    'Es läuft bald ab oder ist abgelaufen; danach ist keine Anmeldung mehr möglich. Um es zu erneuern, öffnen Sie das Admin-Portal erneut aus Ihrer Anwendung.',
  'returned.repair.other':
    'Um das zu beheben, öffnen Sie das Admin-Portal erneut aus Ihrer Anwendung.',
  'returned.repair.soon':
    'Eine eben vorgenommene Änderung ist womöglich erst in einigen Minuten zu sehen.',

  'returned.domains':
    '{verified, number} von {count, number} Domains {verified, plural, one {ist bestätigt} other {sind bestätigt}}',
  'returned.allDomains': 'Alle {count, number} Domains sind bestätigt',
  'returned.continue': 'Weiter zu {host}',
  'returned.again': 'Erneut prüfen',
  'returned.close': 'Sie können diese Seite schließen.',

  'state.active': 'Aktiv',
  'state.verified': 'Bestätigt',
  'state.unfinished': 'Nicht abgeschlossen',
  'state.validating': 'Wird geprüft',
  'state.inactive': 'Nicht aktiv',
  'state.invalidCredentials': 'Zugangsdaten abgelehnt',
  'state.deleting': 'Wird entfernt',
  'state.pending': 'Wartet auf Bestätigung',
  'state.unverified': 'Nicht bestätigt',
  'state.failed': 'Bestätigung fehlgeschlagen',
  'state.error': 'Gestört',
  'state.current': 'Aktuell',
  'state.expiring': 'Läuft bald ab',
  'state.expired': 'Abgelaufen',
};
