import { useState } from 'react';
import { chooseTheme, storedTheme, THEMES, type Theme } from '../frame/theme';
import { LANGUAGES, type Language, useSpeech } from '../messages';

export default function Settings() {
  const { language, speak, t } = useSpeech();
  const [theme, setTheme] = useState<Theme>(storedTheme);

  function chosen(next: Theme) {
    chooseTheme(next);
    setTheme(next);
  }

  return (
    <div className="screen">
      <h1>{t('settings.title')}</h1>
      <section className="card stack settings" aria-labelledby="settings-look">
        <h2 id="settings-look">{t('settings.look')}</h2>
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
      </section>
    </div>
  );
}
