import type { home as en } from '../en/home.ts';
import type { Translation } from '../catalogue.ts';

export const home: Translation<typeof en> = {
  'home.title': 'Anmeldung und Einrichtung für {product}',
  'home.text':
    'Ihre Anwendung leitet Sie hierher, wenn Sie sich anmelden oder wenn Sie für Ihre Organisation Single Sign-on und andere Verbindungen einrichten. Auf dieser Seite selbst gibt es nichts zu tun: Öffnen Sie Ihre Anwendung und beginnen Sie dort.',
  'home.developers': 'Für Entwicklungsteams',
  'home.docs': 'API-Dokumentation (englisch)',
  'home.problems': 'Fehlerverzeichnis (englisch)',
};
