import { useState } from 'react';
import { useMay } from '../frame/session';
import { chooseTheme, storedTheme, THEMES, type Theme } from '../frame/theme';
import { LANGUAGES, type Language, useSpeech } from '../messages';
import { Aside } from './Aside';
import { Linking } from './Linking';
import { Tokens } from './Tokens';

/** This browser, one's tokens, which sources link by themselves, and what was kept aside. */
export default function Settings() {
  const { t } = useSpeech();
  const isAdmin = useMay('imaging:admin');
  return (
    <div className="screen">
      <h1>{t('settings.title')}</h1>
      <Look />
      <Tokens />
      {isAdmin && <Linking />}
      <Aside />
    </div>
  );
}

function Look() {
  const { language, speak, t } = useSpeech();
  const [theme, setTheme] = useState<Theme>(storedTheme);

  function chosen(next: Theme) {
    chooseTheme(next);
    setTheme(next);
  }
  return (
    <section className="card stack" aria-labelledby="settings-look">
      <h2 id="settings-look">{t('settings.look')}</h2>
      <div className="fields">
        <label>
          {t('settings.theme')}
          <select value={theme} onChange={(event) => chosen(event.target.value as Theme)}>
            {THEMES.map((one) => (
              <option key={one} value={one}>
                {t(`settings.theme.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('settings.language')}
          <select value={language} onChange={(event) => speak(event.target.value as Language)}>
            {Object.entries(LANGUAGES).map(([tag, name]) => (
              <option key={tag} value={tag} lang={tag}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
    </section>
  );
}
