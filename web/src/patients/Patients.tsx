import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api, told } from '../api/client';
import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { useMay } from '../frame/session';
import { useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { Loading } from '../parts/Loading';
import { BirthDate, PersonName } from '../parts/Person';
import { EditPatient } from './EditPatient';
import { useRested } from './useFound';
import './patients.css';

const Patient = lazy(() => import('./Patient'));

/** The register: found as one types, and one patient's page. */
export default function Patients({ id }: { id: string }) {
  if (!id) return <Register />;
  return (
    <Suspense fallback={<Loading />}>
      <Patient id={id} key={id} />
    </Suspense>
  );
}

function Register() {
  const t = useT();
  const mayEdit = useMay('imaging:capture');
  const [typed, setTyped] = useState('');
  const [adding, setAdding] = useState(false);
  const q = useRested(typed.trim());
  const found = useQuery({
    queryKey: ['patients', 'register', q],
    queryFn: () => told(api.POST('/api/patients/search', { body: q ? { q, limit: 50 } : { limit: 50 } })),
  });
  return (
    <div className="screen">
      <div className="row">
        <h1>{t('frame.patients')}</h1>
        {mayEdit && (
          <button type="button" onClick={() => setAdding(true)}>
            {t('patients.add')}
          </button>
        )}
      </div>
      <label className="patients-find">
        {t('frame.search')}
        <input
          type="search"
          value={typed}
          maxLength={200}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      {found.isError && <Failed error={found.error} again={() => found.refetch()} />}
      {found.isPending && <Loading />}
      {found.data?.items.length === 0 && <p className="soft">{t('patients.nobody')}</p>}
      {found.data && found.data.items.length > 0 && (
        <div className="wide card">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('field.name')}</th>
                <th scope="col">{t('field.birthDate')}</th>
                <th scope="col">{t('field.sex')}</th>
                <th scope="col">{t('field.patientId')}</th>
              </tr>
            </thead>
            <tbody>
              {found.data.items.map((person) => (
                <tr key={person.id}>
                  <td>
                    <Link to={addressOf('patients', person.id)}>
                      <PersonName of={person} />
                    </Link>
                  </td>
                  <td>
                    <BirthDate value={person.birthDate} />
                  </td>
                  <td>
                    <Data>{person.sex}</Data>
                  </td>
                  <td>
                    {person.identifiers.map((one) => (
                      <span key={`${one.issuer}|${one.value}`} className="patients-id">
                        <Data>{one.value}</Data> <Data>{one.issuer}</Data>
                      </span>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {adding && <EditPatient onClose={() => setAdding(false)} />}
    </div>
  );
}
