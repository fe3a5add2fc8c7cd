import type { Translated } from '..';
import type en from '../en/signin';

const de: Translated<typeof en> = {
  'signin.title': 'Anmelden',
  'signin.lead': 'Porion enthält Röntgenbilder von Patienten. Melden Sie sich mit Ihrem eigenen Konto an.',
  'signin.email': 'E-Mail-Adresse',
  'signin.password': 'Passwort',
  'signin.go': 'Anmelden',
  'signin.noAccount': 'Noch kein Administrator? Porion hat beim Start einen einmaligen Link ausgegeben.',
  'setup.title': 'Porion einrichten',
  'setup.lead': 'Sie werden der erste Administrator und können danach alle anderen hinzufügen.',
  'setup.clinic': 'Name der Praxis',
  'setup.email': 'Ihre E-Mail-Adresse',
  'setup.password': 'Ein Passwort, mindestens 12 Zeichen',
  'setup.go': 'Einrichten',
  'setup.noToken':
    'Dieser Link ist nicht vollständig. Öffnen Sie den einmaligen Link, den Porion beim Start ausgegeben hat.',
};
export default de;
