import type { intents as en } from '../en/intents.ts';
import type { Translation } from '../catalogue.ts';

export const intents: Translation<typeof en> = {
  'intent.sso.task': 'Single Sign-on einrichten',
  'intent.sso.active': 'Single Sign-on ist eingerichtet',
  'intent.sso.inProgress': 'Single Sign-on ist noch nicht fertig eingerichtet',
  'intent.sso.attention': 'Single Sign-on funktioniert zurzeit nicht',
  'intent.sso.nothing': 'Single Sign-on ist noch nicht eingerichtet',
  'intent.sso.items': 'Verbindungen',

  'intent.dsync.task': 'Verzeichnissynchronisierung einrichten',
  'intent.dsync.active': 'Die Verzeichnissynchronisierung ist eingerichtet',
  'intent.dsync.inProgress': 'Die Verzeichnissynchronisierung ist noch nicht fertig eingerichtet',
  'intent.dsync.attention': 'Die Verzeichnissynchronisierung funktioniert zurzeit nicht',
  'intent.dsync.nothing': 'Die Verzeichnissynchronisierung ist noch nicht eingerichtet',
  'intent.dsync.items': 'Verzeichnisse',

  'intent.audit_logs.task': 'Audit-Protokolle ansehen',
  'intent.audit_logs.active': 'Die Audit-Protokolle stehen bereit',
  'intent.audit_logs.inProgress': 'Die Audit-Protokolle stehen noch nicht bereit',
  'intent.audit_logs.attention': 'Die Audit-Protokolle sind zurzeit gestört',
  'intent.audit_logs.nothing': 'Die Audit-Protokolle sind noch nicht eingeschaltet',
  'intent.audit_logs.items': 'Audit-Protokolle',

  'intent.log_streams.task': 'Protokollweiterleitung einrichten',
  'intent.log_streams.active': 'Die Protokollweiterleitung ist eingerichtet',
  'intent.log_streams.inProgress': 'Die Protokollweiterleitung ist noch nicht fertig eingerichtet',
  'intent.log_streams.attention': 'Eine Protokollweiterleitung funktioniert zurzeit nicht',
  'intent.log_streams.nothing': 'Die Protokollweiterleitung ist noch nicht eingerichtet',
  'intent.log_streams.items': 'Protokollweiterleitungen',

  'intent.domain_verification.task': 'Domain bestätigen',
  'intent.domain_verification.active': 'Ihre Domain ist bestätigt',
  'intent.domain_verification.inProgress': 'Ihre Domain ist noch nicht bestätigt',
  'intent.domain_verification.attention': 'Ihre Domain konnte nicht bestätigt werden',
  'intent.domain_verification.nothing': 'Es wurde noch keine Domain hinzugefügt',
  'intent.domain_verification.items': 'Domains',

  'intent.certificate_renewal.task': 'Zertifikat für die Anmeldung erneuern',
  'intent.certificate_renewal.active': 'Das Zertifikat ist aktuell',
  'intent.certificate_renewal.inProgress': 'Das Zertifikat ist noch nicht erneuert',
  'intent.certificate_renewal.attention': 'Das Zertifikat ist noch nicht erneuert',
  'intent.certificate_renewal.nothing': 'Kein Zertifikat muss erneuert werden',
  'intent.certificate_renewal.items': 'Zertifikate',

  'intent.bring_your_own_key.task': 'Eigenen Schlüssel zur Verschlüsselung verwenden',
  'intent.bring_your_own_key.active': 'Ihr Schlüssel ist in Verwendung',
  'intent.bring_your_own_key.inProgress': 'Ihr Schlüssel ist noch nicht in Verwendung',
  'intent.bring_your_own_key.attention': 'Ihr Schlüssel funktioniert zurzeit nicht',
  'intent.bring_your_own_key.nothing': 'Es wurde noch kein Schlüssel hinzugefügt',
  'intent.bring_your_own_key.items': 'Schlüssel',
};
