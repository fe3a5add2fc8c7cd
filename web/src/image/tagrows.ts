/** The rows of a header as people look for them. */
import type { Schemas } from '../api/client';

export type Row = Schemas['TagLine'];

/** Rows that hold what is typed, in whatever column; private ones only when they are wanted. */
export function narrowed(rows: readonly Row[], typed: string, withPrivate: boolean): Row[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (row.private && !withPrivate) return false;
    const text = `${row.tag} ${row.keyword} ${row.name} ${row.vr} ${row.value}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The group of a row's outermost attribute: the first four digits of its path. */
export function groupOf(row: Row): string {
  return /[0-9A-Fa-f]{4}/.exec(row.path || row.tag)?.[0]?.toUpperCase() ?? '';
}
