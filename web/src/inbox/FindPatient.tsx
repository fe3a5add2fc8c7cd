import { useId, useState } from 'react';
import type { Schemas } from '../api/client';
import { useT } from '../messages';
import { BirthDate, PersonName } from '../parts/Person';
import { useFound } from '../patients/useFound';

interface FindPatientProps {
  choose: (patient: Schemas['PatientAnswer']) => void;
  open?: boolean;
}

/** Somebody whom the matcher did not propose. */
export function FindPatient({ choose, open = false }: FindPatientProps) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const found = useFound(typed);
  const field = useId();
  return (
    <details className="find" open={open}>
      <summary>{t('inbox.somebodyElse')}</summary>
      <label htmlFor={field}>{t('inbox.find')}</label>
      <input
        id={field}
        type="search"
        value={typed}
        maxLength={200}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ul>
        {found.data?.items.slice(0, 8).map((patient) => (
          <li key={patient.id}>
            <button type="button" onClick={() => choose(patient)}>
              <PersonName of={patient} /> <BirthDate value={patient.birthDate} />
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
