/** Codes of the API as keys of the messages. */
import type { Key } from '../messages';

export const CATEGORIES = [
  'PANORAMIC',
  'CEPHALOMETRIC_LATERAL',
  'CEPHALOMETRIC_PA',
  'PERIAPICAL',
  'BITEWING',
  'OCCLUSAL',
  'CBCT',
  'HAND_WRIST',
  'TMJ',
  'OTHER',
] as const;

export function categoryKey(category: string | null | undefined): Key {
  const known = CATEGORIES.find((one) => one === category);
  return known ? `category.${known}` : 'category.none';
}

export const FIELDS = [
  'name',
  'given',
  'family',
  'middle',
  'suffix',
  'birthDate',
  'patientId',
  'sex',
  'appointment',
  'operator',
  'imageContent',
  'otherScript',
  'reading',
  'register',
  'others',
  'worklist',
  'remembered',
] as const;

/** A field's name in words; one that has none here is shown as it is called. */
export function fieldKey(field: string): Key | null {
  const known = FIELDS.find((one) => one === field);
  return known ? `field.${known}` : null;
}

const GRADES = ['certain', 'probable', 'possible', 'certainly-not'] as const;

/** A grade as the messages know it; one that has no words here is shown with the care of a possible one. */
export function gradeOf(grade: string): (typeof GRADES)[number] {
  return GRADES.find((one) => one === grade) ?? 'possible';
}
