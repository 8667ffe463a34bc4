import type { Translation } from '../catalogue.ts';
import type { steps as english } from '../en/steps.ts';

export const steps: Translation<typeof english> = {
  'step.renew_expired_certificate':
    'Erneuern Sie das Zertifikat von {name}: Es ist am {date} abgelaufen, deshalb kann sich vielleicht niemand anmelden.',
  'step.renew_certificate': 'Erneuern Sie das Zertifikat von {name}, bevor es am {date} abläuft.',
  'step.repair_sso':
    'Bringen Sie die Verbindung {name} in Ordnung: Sie ist nicht aktiv, deshalb kann sich niemand darüber anmelden.',
  'step.finish_sso': 'Richten Sie die Verbindung {name} fertig ein.',
  'step.set_up_sso': 'Verbinden Sie Ihren Identitätsanbieter, damit sich alle darüber anmelden.',
  'step.test_sso':
    'Testen Sie {name}: Die Verbindung ist aktiv, aber noch niemand hat sich darüber angemeldet.',
  'step.repair_directory_sync':
    'Bringen Sie das Verzeichnis {name} in Ordnung: Es wird nicht synchronisiert.',
  'step.finish_directory_sync': 'Richten Sie das Verzeichnis {name} fertig ein.',
  'step.set_up_directory_sync':
    'Verbinden Sie Ihr Verzeichnis, damit Personen und Gruppen aktuell bleiben.',
  'step.retry_domain_verification':
    'Bestätigen Sie {name} noch einmal: Der DNS-Eintrag wurde nicht rechtzeitig gefunden.',
  'step.finish_domain_verification': 'Legen Sie den DNS-Eintrag an, der {name} bestätigt.',
  'step.add_domain': 'Bestätigen Sie die Domain Ihrer E-Mail-Adressen.',
  'step.repair_log_streams':
    'Bringen Sie die Protokollweiterleitung in Ordnung: Sie liefert keine Ereignisse.',
  'step.repair_encryption_key':
    'Bringen Sie Ihren Schlüssel in Ordnung: Er konnte nicht überprüft werden.',
};
