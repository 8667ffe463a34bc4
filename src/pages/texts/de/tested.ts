import type { Translation } from '../catalogue.ts';
import type { tested as english } from '../en/tested.ts';

export const tested: Translation<typeof english> = {
  'test.works': 'Die Anmeldung funktioniert',
  'test.incomplete': 'Die Anmeldung funktioniert, aber es fehlen Angaben',
  'test.worksText':
    'Ihr Identitätsanbieter hat Sie angemeldet und diese Angaben gesendet. Das erfährt Ihre Anwendung über jede Person.',
  'test.missing':
    'Ihr Identitätsanbieter hat keinen Wert gesendet für: {names}. Ergänzen Sie dort die Attribute (Claims), die er sendet.',
  'test.email': 'E-Mail-Adresse',
  'test.firstName': 'Vorname',
  'test.lastName': 'Nachname',
  'test.idpId': 'ID beim Identitätsanbieter',
  'test.raw': 'Alles, was gesendet wurde',
  'test.nothingKept':
    'Das war nur ein Test: Sie sind nirgends angemeldet, und nichts davon wird gespeichert.',
  'test.failed': 'Die Anmeldung hat nicht funktioniert',
  'test.unfinished':
    'Der Test wurde nicht fertig, und niemand wurde angemeldet. Warten Sie kurz und testen Sie dann noch einmal, oder gehen Sie zurück zur Übersicht.',
  'test.again': 'Noch einmal testen',
  'test.said': 'Das kam zurück:',
  'test.code': 'Fehlercode:',
  'test.cause.access_denied':
    'Ihr Identitätsanbieter hat abgelehnt. Meist ist die Anwendung der Person nicht zugewiesen: Weisen Sie sie dort den Personen oder Gruppen zu, die sich anmelden sollen, und testen Sie noch einmal.',
  'test.cause.connection':
    'Die Verbindung selbst wird nicht angenommen. Vielleicht ist sie deaktiviert oder nicht fertig eingerichtet: Öffnen Sie die Einstellungen des Single Sign-on und prüfen Sie sie.',
  'test.cause.oauth':
    'Ihr Identitätsanbieter hat die Anwendung nicht angenommen. Prüfen Sie an beiden Stellen Client-ID, Client-Geheimnis (vielleicht abgelaufen) und Weiterleitungs-URI.',
  'test.cause.secret':
    'Das Client-Geheimnis ist falsch oder abgelaufen. Erzeugen Sie beim Identitätsanbieter ein neues und tragen Sie es in den Einstellungen des Single Sign-on ein.',
  'test.cause.redirect':
    'Die Weiterleitungs-URI (Antwort-URL) beim Identitätsanbieter weicht von der im Admin-Portal ab. Kopieren Sie sie genau von dort.',
  'test.cause.certificate':
    'Die Signatur ließ sich nicht prüfen. Meist hat der Identitätsanbieter ein neues Zertifikat: Laden Sie es in den Einstellungen des Single Sign-on hoch.',
  'test.cause.audience':
    'Die Entity-ID (Audience oder Issuer) beim Identitätsanbieter weicht von der im Admin-Portal ab. Vergleichen Sie beide Zeichen für Zeichen.',
  'test.cause.clock':
    'Die Antwort war zu dieser Zeit nicht gültig. Prüfen Sie die Uhr Ihres Identitätsanbieters und testen Sie noch einmal.',
  'test.cause.attribute':
    'Ihr Identitätsanbieter hat ein nötiges Attribut nicht gesendet, meist die E-Mail-Adresse. Ergänzen Sie dort die Attribute (Claims), die er sendet.',
  'test.cause.domain':
    'Die E-Mail-Adresse der Person liegt außerhalb der Domains Ihrer Organisation. Bestätigen Sie die Domain, oder melden Sie sich mit einer Adresse einer bestätigten Domain an.',
  'test.cause.consent':
    'Die Person hat der Anmeldung nicht zugestimmt. Testen Sie noch einmal und stimmen Sie zu, oder lassen Sie eine Administration des Identitätsanbieters für alle zustimmen.',
  'test.cause.server':
    'Die Antwort Ihres Identitätsanbieters war nicht zu verwenden. Vergleichen Sie an beiden Stellen Zertifikat, Entity-ID und URLs; stimmen sie überein, testen Sie in einigen Minuten noch einmal.',
  'test.cause.again': 'Die Antwort war zu alt oder schon verwendet. Testen Sie noch einmal.',
  'test.cause.foreign':
    'Es hat sich jemand aus einer anderen Organisation angemeldet. Melden Sie sich mit einem Konto Ihrer eigenen Organisation an.',
  'test.cause.other':
    'Die Anmeldung wurde abgelehnt. Vergleichen Sie die Einstellungen Ihres Identitätsanbieters mit denen im Admin-Portal und testen Sie noch einmal.',
};
