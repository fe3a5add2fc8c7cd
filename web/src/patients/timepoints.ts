/** A patient's images by time point, and which of the orthodontic records each time point has. */
import type { Schemas } from '../api/client';

export type Image = Pick<Schemas['ImageAnswer'], 'id' | 'category' | 'acquiredAt' | 'teeth' | 'needsReview'>;

/** The records of an orthodontic case, in the order in which people look for them. */
export const SLOTS = [
  'PANORAMIC',
  'CEPHALOMETRIC_LATERAL',
  'CEPHALOMETRIC_PA',
  'INTRA_ORAL',
  'HAND_WRIST',
  'CBCT',
] as const;
export type Slot = (typeof SLOTS)[number];

const INTRA_ORAL = new Set(['BITEWING', 'PERIAPICAL', 'OCCLUSAL']);
const DAYS_OF_ONE_POINT = 30;

export interface TimePoint {
  /** The first day, or null for images that do not say when they were made. */
  day: string | null;
  images: Image[];
}

export function slotOf(image: Image): Slot | null {
  if (INTRA_ORAL.has(image.category ?? '')) return 'INTRA_ORAL';
  return SLOTS.find((slot) => slot === image.category) ?? null;
}

/** Images that were made within a month belong to one time point; the newest comes first. */
export function timePoints(images: readonly Image[]): TimePoint[] {
  const dated = images.filter((image) => image.acquiredAt).sort((a, b) => dayOf(a).localeCompare(dayOf(b)));
  const points: TimePoint[] = [];
  for (const image of dated) {
    const last = points.at(-1);
    if (last?.day && days(last.day, dayOf(image)) <= DAYS_OF_ONE_POINT) last.images.push(image);
    else points.push({ day: dayOf(image), images: [image] });
  }
  points.reverse();
  const undated = images.filter((image) => !image.acquiredAt);
  return undated.length > 0 ? [...points, { day: null, images: undated }] : points;
}

function dayOf(image: Image): string {
  return (image.acquiredAt ?? '').slice(0, 10);
}

function days(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/** The images of a time point by slot; what belongs into none comes under "others". */
export function bySlot(point: TimePoint): { slots: Record<Slot, Image[]>; others: Image[] } {
  const slots = Object.fromEntries(SLOTS.map((slot) => [slot, [] as Image[]])) as Record<Slot, Image[]>;
  const others: Image[] = [];
  for (const image of point.images) {
    const slot = slotOf(image);
    if (slot) slots[slot].push(image);
    else others.push(image);
  }
  return { slots, others };
}
