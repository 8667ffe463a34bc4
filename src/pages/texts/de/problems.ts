import type { problems as en } from '../en/problems.ts';
import type { Translation } from '../catalogue.ts';

export const problems: Translation<typeof en> = {
  'problem.other.title': 'Etwas ist schiefgegangen',
  'problem.other.next':
    'Kehren Sie zu Ihrer Anwendung zurück und beginnen Sie dort erneut. Sollte es wieder geschehen, wenden Sie sich bitte mit der Referenz unten an den Support.',
  'problem.internal.title': 'Bei uns ist etwas schiefgegangen',
  'problem.internal.next':
    'Warten Sie kurz und laden Sie diese Seite neu. Sollte es wieder geschehen, wenden Sie sich bitte mit der Referenz unten an den Support.',
  'problem.ourMistake.title': 'Diese Seite ließ sich nicht öffnen',
  'problem.ourMistake.next':
    'Das liegt nicht an Ihnen. Bitte wenden Sie sich mit der Referenz unten an den Support.',
  'problem.unavailable.title': 'Das ist gerade nicht verfügbar',
  'problem.unavailable.next':
    'Warten Sie kurz und laden Sie diese Seite neu. Ihr Link bleibt gültig, bis er abläuft. Danach kehren Sie zu Ihrer Anwendung zurück und beginnen dort erneut.',
  'problem.notAnswering.title': 'Ein Dienst, den wir brauchen, antwortet nicht',
  'problem.notAnswering.next':
    'Warten Sie kurz und laden Sie diese Seite neu. Ihr Link bleibt gültig, bis er abläuft. Danach kehren Sie zu Ihrer Anwendung zurück und beginnen dort erneut.',
  'problem.busy.title': 'Gerade ist hier viel los',
  'problem.busy.next':
    'Warten Sie kurz und laden Sie diese Seite neu. Ihr Link bleibt gültig, bis er abläuft. Danach kehren Sie zu Ihrer Anwendung zurück und beginnen dort erneut.',
  'problem.tooMany.title': 'Zu viele Anfragen auf einmal',
  'problem.tooMany.next':
    'Warten Sie eine Minute, öffnen Sie dann Ihre Anwendung und beginnen Sie dort erneut.',

  'problem.launchGone.title': 'Dieser Link funktioniert nicht mehr',
  'problem.launchGone.next':
    'Ein Link lässt sich nur einmal und nur für kurze Zeit öffnen. Kehren Sie zu Ihrer Anwendung zurück und beginnen Sie dort erneut, um einen neuen zu erhalten.',
  'problem.incomplete.title': 'Dieser Link ist nicht vollständig',
  'problem.incomplete.next': 'Kehren Sie zu Ihrer Anwendung zurück und beginnen Sie dort erneut.',
  'problem.notFound.title': 'Unter dieser Adresse gibt es nichts',
  'problem.notFound.next':
    'Prüfen Sie die Adresse, oder kehren Sie zu Ihrer Anwendung zurück und beginnen Sie dort erneut.',
  'problem.unreadable.title': 'Die Anfrage Ihres Browsers war nicht lesbar',
  'problem.unreadable.next': 'Kehren Sie zu Ihrer Anwendung zurück und beginnen Sie dort erneut.',
  'problem.headersTooLarge.title': 'Ihr Browser hat zu viele Daten gesendet',
  'problem.headersTooLarge.next':
    'Löschen Sie die Cookies dieser Website, kehren Sie dann zu Ihrer Anwendung zurück und beginnen Sie dort erneut.',
  'problem.navigation.title': 'Dieser Link gehört in ein Browserfenster',
  'problem.navigation.next':
    'Er wurde im Voraus oder innerhalb einer anderen Seite geladen. Öffnen Sie ihn per Klick in einem eigenen Fenster; er ist noch nicht verbraucht.',
  'problem.method.title': 'So lässt sich diese Seite nicht öffnen',
  'problem.method.next':
    'Öffnen Sie Ihren Link noch einmal in einem Browserfenster. Hilft das nicht, kehren Sie zu Ihrer Anwendung zurück und beginnen Sie dort erneut.',

  'problem.signInAddress.title': 'Diese Anmeldeadresse stimmt nicht',
  'problem.signInAddress.next':
    'Das liegt nicht an Ihnen. Bitte wenden Sie sich mit der Referenz unten an den Support.',
  'problem.loginExpired.title': 'Diese Anmeldung ist nicht mehr gültig',
  'problem.loginExpired.next':
    'Sie hat zu lange gedauert, war bereits abgeschlossen oder wurde in einem anderen Browser begonnen. Kehren Sie zu Ihrer Anwendung zurück und melden Sie sich dort erneut an.',
  'problem.loginNotHere.title': 'Bitte melden Sie sich in Ihrer Anwendung an',
  'problem.loginNotHere.next':
    'Öffnen Sie die Anwendung, die Sie nutzen möchten, und melden Sie sich dort an.',
  'problem.signInEnded.title': 'Bitte melden Sie sich erneut an',
  'problem.signInEnded.next':
    'Ihre Anmeldung ist abgelaufen oder gilt hier nicht. Melden Sie sich in Ihrer Anwendung an und beginnen Sie dort erneut.',
  'problem.signInFirst.title': 'Bitte melden Sie sich zuerst an',
  'problem.signInFirst.next':
    'Nur IT-Admins Ihrer Organisation können diese Seite öffnen. Melden Sie sich in Ihrer Anwendung an und beginnen Sie dort erneut.',
  'problem.itAdminRequired.title': 'Das können nur IT-Admins tun',
  'problem.itAdminRequired.next':
    'Ihr Konto ist kein IT-Admin dieser Organisation. Bitten Sie Ihre IT-Admins darum, oder melden Sie sich mit einem entsprechenden Konto an.',
  'problem.notOnList.title': 'Sie stehen noch nicht auf der Liste der IT-Admins',
  'problem.notOnList.next':
    'Bitten Sie Ihre IT-Admins, Sie hinzuzufügen, oder melden Sie sich in Ihrer Anwendung an und beginnen Sie dort erneut.',
  'problem.scope.title': 'Ihre Anwendung darf diese Seite nicht öffnen',
  'problem.scope.next':
    'Das liegt nicht an Ihnen. Bitte wenden Sie sich mit der Referenz unten an den Support.',

  'problem.tenantNotFound.title': 'Ihre Organisation wurde nicht gefunden',
  'problem.tenantNotFound.next':
    'Kehren Sie zu Ihrer Anwendung zurück und beginnen Sie dort erneut. Sollte es wieder geschehen, wenden Sie sich bitte mit der Referenz unten an den Support.',
  'problem.paused.title': 'Die Einrichtung Ihrer Organisation ist ausgesetzt',
  'problem.paused.next': 'Bitte wenden Sie sich mit der Referenz unten an den Support.',
  'problem.needsSupport.title': 'Um die Einrichtung Ihrer Organisation müssen wir uns kümmern',
  'problem.needsSupport.next':
    'Das liegt nicht an Ihnen. Bitte wenden Sie sich mit der Referenz unten an den Support.',
  'problem.preparing.title': 'Ihre Organisation wird noch vorbereitet',
  'problem.preparing.next':
    'Das dauert weniger als eine Minute. Warten Sie kurz und laden Sie diese Seite neu.',

  'link.heading': 'Für alle, die diesen Link erstellt haben',
  'link.ticket': 'muss das unveränderte Ticket aus der url des Launches sein.',
  'link.launch': 'muss das unveränderte Token sein, das an das Admin-Portal gesendet wurde.',
  'link.client_id': 'muss die ID Ihres Clients sein.',
  'link.tenant_id': 'muss Ihre eigene Tenant-ID sein, keine Organisations-ID (org_…).',
  'link.intent': 'muss einer dieser Werte sein: {intents}.',
  'link.return_url': 'muss eine https-Adresse sein, deren Origin für Ihren Client registriert ist.',
  'link.success_url':
    'muss eine https-Adresse sein, deren Origin für Ihren Client registriert ist.',
};
