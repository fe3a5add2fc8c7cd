/** What a person has to verify before Enter links: the server's rule, told before it is asked. */
import type { Schemas } from '../api/client';

export type Item = Schemas['PendingItem'];
export type Candidate = Schemas['CandidateAnswer'];

export const LOOKS = [
  'name',
  'birthDate',
  'patientId',
  'sex',
  'appointment',
  'operator',
  'imageContent',
] as const;
export type Look = (typeof LOOKS)[number];

/** A certain candidate needs one look, everybody else two. */
export function needed(grade: string | undefined): number {
  return grade === 'certain' ? 1 : 2;
}

/** What is to be ticked next: first what the evidence says is the same. */
export function nextLook(ticked: ReadonlySet<Look>, candidate: Candidate | undefined): Look | undefined {
  const same = new Set(
    candidate?.evidence.filter((line) => line.level.startsWith('same')).map((line) => line.field),
  );
  const agrees = (look: Look) => (look === 'name' ? same.has('given') || same.has('family') : same.has(look));
  const left = LOOKS.filter((look) => !ticked.has(look));
  return left.find(agrees) ?? left[0];
}

/** The looks with one more, or without it when it was there. */
export function toggled(ticked: ReadonlySet<Look>, look: Look): ReadonlySet<Look> {
  return ticked.has(look) ? new Set([...ticked].filter((one) => one !== look)) : new Set([...ticked, look]);
}

/** The item that follows one that goes. */
export function after(items: readonly Item[], id: string): string | null {
  const at = items.findIndex((item) => item.id === id);
  return items[at + 1]?.id ?? items[at - 1]?.id ?? null;
}

/** The item so many places on, within the list. */
export function moved(items: readonly Item[], id: string | null, by: number): string | null {
  const at = items.findIndex((item) => item.id === id);
  return items[Math.min(Math.max(at + by, 0), items.length - 1)]?.id ?? null;
}

/** Whether a line of the evidence is about a field that both sides state; others weigh the whole. */
export function isField(line: Candidate['evidence'][number]): boolean {
  return !['register', 'others', 'worklist', 'remembered'].includes(line.field);
}
