/** Light, dark or as the system has it: kept in this browser. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'porion.theme';
const DARK = '(prefers-color-scheme: dark)';

export function storedTheme(): Theme {
  const kept = window.localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

export function chooseTheme(theme: Theme): void {
  window.localStorage.setItem(KEY, theme);
  apply();
}

/** Show the chosen theme now, and the system's whenever that changes. */
export function followTheme(): void {
  apply();
  window.matchMedia(DARK).addEventListener('change', apply);
}

function apply(): void {
  const chosen = storedTheme();
  const dark = chosen === 'dark' || (chosen === 'system' && window.matchMedia(DARK).matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
