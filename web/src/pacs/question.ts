/** What somebody typed to ask a PACS, as the question that is sent. */
import type { Schemas } from '../api/client';
import { dayOf } from '../parts/format';

export type Question = Schemas['NodeQuery'];

/** The clinic's modality codes; Porion asks for the DICOM codes that each may lie under. */
export const MODALITIES = ['OPG', 'CEPH', 'PA', 'BW', 'OCC', 'CBCT', 'HW', 'TMJ'] as const;
export const WHENS = ['any', 'today', 'week', 'own'] as const;
export type When = (typeof WHENS)[number];

export interface Typed {
  /** Names of nodes; null as long as nobody chose, which means all of them. */
  nodes: string[] | null;
  name: string;
  patientId: string;
  birthDate: string;
  when: When;
  from: string;
  to: string;
  modality: string;
  accession: string;
}

export const NOTHING_TYPED: Typed = {
  nodes: null,
  name: '',
  patientId: '',
  birthDate: '',
  when: 'any',
  from: '',
  to: '',
  modality: '',
  accession: '',
};

/** Answers of each node at most. */
export const MOST = 200;

export function questionOf(typed: Typed, nodes: string[], today: Date): Question {
  const keys = {
    PatientName: nameKey(typed.name),
    PatientID: typed.patientId.trim(),
    PatientBirthDate: typed.birthDate,
    StudyDate: rangeOf(typed, today),
    ModalitiesInStudy: typed.modality,
    AccessionNumber: typed.accession.trim(),
  };
  const asked = Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== ''));
  return { nodes, level: 'STUDY', keys: asked, limit: MOST };
}

/** A name as a key: what begins so is meant, unless wildcards or DICOM's own signs say otherwise. */
export function nameKey(name: string): string {
  const text = name.trim();
  if (text === '' || /[*?^=]/.test(text)) return text;
  const parts = text.split(',').map((part) => `${part.trim()}*`);
  return parts.join('^');
}

/** Days as DICOM writes a range of them: either end may be open. */
function rangeOf({ when, from, to }: Typed, today: Date): string {
  if (when === 'today') return dayOf(today);
  if (when === 'week') {
    const before = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 6);
    return `${dayOf(before)}-${dayOf(today)}`;
  }
  if (when === 'any' || (from === '' && to === '')) return '';
  return `${from}-${to}`;
}
