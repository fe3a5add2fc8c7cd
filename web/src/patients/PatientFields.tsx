import type { Schemas } from '../api/client';
import { useT } from '../messages';
import { field } from '../signin/form';

type Person = Schemas['NewPatient'];
const SEXES = ['', 'F', 'M', 'O'] as const;

/** The fields of a patient; identifiers beyond the first, and other names, stay as they were. */
export function PatientFields({ person }: { person: Person }) {
  const t = useT();
  const [first] = person.identifiers ?? [];
  return (
    <div className="fields">
      <label>
        {t('field.family')}
        <input name="family" defaultValue={person.family} maxLength={200} />
      </label>
      <label>
        {t('field.given')}
        <input name="given" defaultValue={person.given} maxLength={200} />
      </label>
      <label>
        {t('field.middle')}
        <input name="middle" defaultValue={person.middle} maxLength={200} />
      </label>
      <label>
        {t('field.birthDate')}
        <input name="birthDate" type="date" defaultValue={person.birthDate ?? ''} />
      </label>
      <label>
        {t('field.sex')}
        <select name="sex" defaultValue={person.sex ?? ''}>
          {SEXES.map((sex) => (
            <option key={sex} value={sex}>
              {t(`sex.${sex || 'none'}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('field.patientId')}
        <input name="patientId" defaultValue={first?.value ?? ''} maxLength={200} />
      </label>
      <label>
        {t('field.issuer')}
        <input name="issuer" defaultValue={first?.issuer ?? ''} maxLength={200} />
      </label>
    </div>
  );
}

/** The person in a filled form, over what was there before. */
export function personIn(form: FormData, before: Person): Person {
  const value = field(form, 'patientId').trim();
  const rest = (before.identifiers ?? []).slice(1);
  const sex = SEXES.find((one) => one === field(form, 'sex')) ?? '';
  return {
    ...before,
    family: field(form, 'family').trim(),
    given: field(form, 'given').trim(),
    middle: field(form, 'middle').trim(),
    birthDate: field(form, 'birthDate') || null,
    sex,
    identifiers: value ? [{ value, issuer: field(form, 'issuer').trim() }, ...rest] : rest,
  };
}
