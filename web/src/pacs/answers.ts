/** What nodes answer: lines of a stream as facts, and DICOM's texts as people write them. */
import type { Schemas } from '../api/client';
import { nameOf } from '../parts/format';

export type Found = Schemas['FoundAnswer'];
export type Answered = Schemas['porion__http__query__QueryAnswer'];
export type Outcome = Schemas['OutcomeOfNode'];

/** Cuts a text that comes in pieces into its lines. */
export class Lines {
  private rest = '';

  /** The lines that are whole with this piece. */
  take(piece: string): string[] {
    const lines = (this.rest + piece).split('\n');
    this.rest = lines.pop() ?? '';
    return lines.filter(Boolean);
  }
}

/** One line: an answer, or how a node ended. */
export function isOutcome(one: Found | Outcome): one is Outcome {
  return 'answers' in one;
}

/** A value of an attribute as text; several are written as DICOM does. */
export function textOf(found: Found, keyword: string): string {
  const value = found.attributes[keyword];
  return (Array.isArray(value) ? value : [value]).map((one) => String(one ?? '')).join('\\');
}

/** A date of DICOM as ISO writes it; what is none stays as it is. */
export function isoOf(date: string): string {
  const iso = date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const moment = new Date(iso);
  // The thirty-first of February would be read as a day of March.
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(iso) ? iso : date;
}

export function isIso(date: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(date);
}

/** A person's name (PS3.5 section 6.2.1): family name first; nothing of it is left out. */
export function personOf(name: string): string {
  const groups = name.split('=').map((group) => {
    const [family = '', given = '', middle = '', ...titles] = group.split('^').map((part) => part.trim());
    return [nameOf({ family, given, middle }), ...titles].filter(Boolean).join(', ');
  });
  const [first = '', ...others] = groups.filter(Boolean);
  return others.length > 0 ? `${first} (${others.join(', ')})` : first;
}

/** The keyword that names an answer at its level. */
export function uidOf(found: Found): string {
  return textOf(found, found.level === 'SERIES' ? 'SeriesInstanceUID' : 'StudyInstanceUID');
}

/** What tells an answer from all others. */
export function keyOf(found: Found): string {
  return JSON.stringify([found.node, textOf(found, 'StudyInstanceUID'), textOf(found, 'SeriesInstanceUID')]);
}

export type Here = 'all' | 'some' | 'none';

/** How much of it is here: what the node does not count is never all here. */
export function hereOf({ held, stated }: Pick<Found, 'held' | 'stated'>): Here {
  if (!held) return 'none';
  return stated !== null && held >= stated ? 'all' : 'some';
}

/** What is asked for to retrieve it: a study, or one series of it. */
export function retrievalOf(found: Found): Schemas['Retrieval'] {
  return {
    node: found.node,
    studyInstanceUid: textOf(found, 'StudyInstanceUID'),
    seriesInstanceUid: found.level === 'SERIES' ? uidOf(found) : '',
  };
}
