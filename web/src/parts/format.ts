/** Dates, ages and sizes as the reader's language writes them. */

export function dateOf(iso: string | null | undefined, language: string): string {
  if (!iso) return '';
  const moment = new Date(iso.length === 10 ? `${iso}T00:00:00` : iso);
  return Number.isNaN(moment.getTime()) ? iso : moment.toLocaleDateString(language, { dateStyle: 'medium' });
}

/** A day as the clinic writes it in addresses. */
export function dayOf(moment: Date): string {
  const parts = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}

export function momentOf(iso: string | null | undefined, language: string): string {
  if (!iso) return '';
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  return iso.length === 10
    ? dateOf(iso, language)
    : moment.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
}

export function clockOf(iso: string, language: string, now = new Date()): string {
  const moment = new Date(iso);
  return moment.toDateString() === now.toDateString()
    ? moment.toLocaleTimeString(language, { timeStyle: 'short' })
    : moment.toLocaleDateString(language, { day: 'numeric', month: 'short' });
}

/** Whole years from a birth date to a day. */
export function ageOf(birthDate: string, on = new Date()): number {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  const before = on.getMonth() + 1 < month || (on.getMonth() + 1 === month && on.getDate() < day);
  return on.getFullYear() - year - (before ? 1 : 0);
}

const UNITS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const;

/** How long ago, in the largest unit that fits. */
export function agoOf(iso: string, language: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - new Date(iso).getTime()) / 1000);
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  for (const [span, unit] of UNITS)
    if (seconds >= span) return words.format(-Math.floor(seconds / span), unit);
  return words.format(0, 'minute');
}

export function bytesOf(size: number, language: string): string {
  const kilo = size / 1024;
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return kilo < 1024 ? `${format.format(kilo)} KiB` : `${format.format(kilo / 1024)} MiB`;
}

interface Named {
  family: string;
  given: string;
  middle?: string;
}

export function nameOf(name: Named): string {
  const given = [name.given, name.middle].filter(Boolean).join(' ');
  return [name.family, given].filter(Boolean).join(', ');
}
