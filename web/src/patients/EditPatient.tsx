import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, type Schemas, told } from '../api/client';
import { addressOf, navigate } from '../frame/router';
import { useT } from '../messages';
import { Dialog } from '../parts/Dialog';
import { Failed } from '../parts/Failed';
import { PatientFields, personIn } from './PatientFields';

const NOBODY: Schemas['NewPatient'] = {
  family: '',
  given: '',
  middle: '',
  prefix: '',
  suffix: '',
  birthDate: null,
  sex: '',
  identifiers: [],
  aliases: [],
};

/** Adds somebody to the register, or writes somebody's new state. */
export function EditPatient({
  patient,
  onClose,
}: {
  patient?: Schemas['PatientAnswer'];
  onClose: () => void;
}) {
  const t = useT();
  const queries = useQueryClient();
  const before = patient ? statedOf(patient) : NOBODY;
  const save = useMutation({
    mutationFn: (person: Schemas['NewPatient']) =>
      patient
        ? told(
            api.PUT('/api/patients/{patient_id}', {
              params: { path: { patient_id: patient.id } },
              body: { ...person, version: patient.version },
            }),
          )
        : told(api.POST('/api/patients', { body: person })),
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: ['patients'] });
      onClose();
      navigate(addressOf('patients', saved.id));
    },
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    save.mutate(personIn(new FormData(event.currentTarget), before));
  }
  return (
    <Dialog title={t(patient ? 'patients.edit' : 'patients.add')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <PatientFields person={before} />
        {save.isError && <Failed error={save.error} />}
        <button type="submit" className="primary" disabled={save.isPending}>
          {t('frame.save')}
        </button>
      </form>
    </Dialog>
  );
}

function statedOf(patient: Schemas['PatientAnswer']): Schemas['NewPatient'] {
  const { family, given, middle, prefix, suffix, birthDate, sex, identifiers, aliases } = patient;
  const known = (['F', 'M', 'O'] as const).find((one) => one === sex) ?? '';
  return { family, given, middle, prefix, suffix, birthDate, sex: known, identifiers, aliases };
}
