import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, type Schemas, told } from '../api/client';
import { Link } from '../frame/Link';
import { addressOf, navigate } from '../frame/router';
import { useMay } from '../frame/session';
import { FindPatient } from '../inbox/FindPatient';
import { useT } from '../messages';
import { Dialog } from '../parts/Dialog';
import { Failed } from '../parts/Failed';
import { BirthDate, PersonName } from '../parts/Person';
import { Veto } from '../parts/Veto';
import { field } from '../signin/form';

type Person = Schemas['PatientAnswer'];
type Alike = Schemas['AlikeAnswer'];
interface Asked {
  kind: 'merge' | 'unmerge';
  other: Person;
}

/** Who could be taken for this patient, and entries that went into this one. */
export function Relations({ patient }: { patient: Person }) {
  const t = useT();
  const mayEdit = useMay('imaging:capture');
  const [asked, setAsked] = useState<Asked | null>(null);
  const found = useQuery({
    queryKey: ['patients', 'relations', patient.id],
    queryFn: () =>
      told(api.GET('/api/patients/{patient_id}/relations', { params: { path: { patient_id: patient.id } } })),
  });
  const alike = found.data?.alike.filter((one) => isNear(patient, one)) ?? [];
  return (
    <>
      {alike.map((one) => (
        <div key={one.patient.id} className="notice person">
          <p>
            <strong>⚠ {t('patients.alike')}</strong>{' '}
            <Link to={addressOf('patients', one.patient.id)}>
              <PersonName of={one.patient} />
            </Link>{' '}
            <BirthDate value={one.patient.birthDate} />
          </p>
          {one.vetoes[0] && (
            <p className="small">
              <Veto of={one.vetoes[0]} />
            </p>
          )}
          {mayEdit && (
            <button type="button" onClick={() => setAsked({ kind: 'merge', other: one.patient })}>
              {t('patients.merge')}
            </button>
          )}
        </div>
      ))}
      {found.data?.merged.map((one) => (
        <div key={one.id} className="notice">
          <p>
            {t('patients.wentInto')} <PersonName of={one} /> <BirthDate value={one.birthDate} />
          </p>
          {mayEdit && (
            <button type="button" onClick={() => setAsked({ kind: 'unmerge', other: one })}>
              {t('patients.unmerge')}
            </button>
          )}
        </div>
      ))}
      {mayEdit && !patient.mergedInto && (
        <FindPatient choose={(other) => setAsked({ kind: 'merge', other })} />
      )}
      {asked && <Ask patient={patient} asked={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

/** Whether name or birth date are the same: others are proposals for the matcher, no alert. */
function isNear(patient: Person, one: Alike): boolean {
  const same = (a: string, b: string) => a !== '' && a.toLocaleLowerCase() === b.toLocaleLowerCase();
  const sameDate = patient.birthDate !== null && patient.birthDate === one.patient.birthDate;
  return sameDate || (same(patient.family, one.patient.family) && same(patient.given, one.patient.given));
}

function Ask({ patient, asked, onClose }: { patient: Person; asked: Asked; onClose: () => void }) {
  const t = useT();
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: async (reason: string): Promise<string> => {
      if (asked.kind === 'merge') {
        const params = { path: { patient_id: patient.id } };
        return (
          await told(
            api.POST('/api/patients/{patient_id}/merge', {
              params,
              body: { otherId: asked.other.id, reason },
            }),
          )
        ).id;
      }
      const params = { path: { patient_id: asked.other.id } };
      return (await told(api.POST('/api/patients/{patient_id}/unmerge', { params, body: { reason } }))).back
        .id;
    },
    onSuccess: (id) => {
      for (const topic of ['patients', 'images', 'inbox'])
        void queries.invalidateQueries({ queryKey: [topic] });
      onClose();
      navigate(addressOf('patients', id));
    },
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    act.mutate(field(new FormData(event.currentTarget), 'reason'));
  }
  return (
    <Dialog title={t(`patients.${asked.kind}`)} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p>
          {t(`patients.${asked.kind}Lead`)}{' '}
          <strong>
            <PersonName of={asked.other} />
          </strong>{' '}
          <BirthDate value={asked.other.birthDate} />
        </p>
        <label>
          {t('inbox.reason')}
          <input name="reason" maxLength={1000} required />
        </label>
        {act.isError && <Failed error={act.error} />}
        <button type="submit" className="primary" disabled={act.isPending}>
          {t(`patients.${asked.kind}`)}
        </button>
      </form>
    </Dialog>
  );
}
