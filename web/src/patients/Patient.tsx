import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, told } from '../api/client';
import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { useMay } from '../frame/session';
import { useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { nameOf } from '../parts/format';
import { Loading } from '../parts/Loading';
import { BirthDate, PersonName } from '../parts/Person';
import { EditPatient } from './EditPatient';
import { Exposures } from './Exposures';
import { Gallery } from './Gallery';
import { Relations } from './Relations';

/** One patient: who, the records by time point, and what they cost in dose. */
export default function Patient({ id }: { id: string }) {
  const path = { patient_id: id };
  const patient = useQuery({
    queryKey: ['patients', 'one', id],
    queryFn: () => told(api.GET('/api/patients/{patient_id}', { params: { path } })),
  });
  const images = useInfiniteQuery({
    queryKey: ['images', 'of', id],
    queryFn: ({ pageParam }) =>
      told(
        api.GET('/api/imaging/images', {
          params: { query: { patientId: id, limit: 200, cursor: pageParam } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  if (patient.isPending) return <Loading />;
  if (patient.isError) return <Failed error={patient.error} again={() => patient.refetch()} />;
  const all = images.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="patient">
      <Who patient={patient.data} />
      <div className="stack">
        {images.isPending && <Loading />}
        {images.isError && <Failed error={images.error} again={() => images.refetch()} />}
        {images.data && (
          <Gallery
            images={all.filter((image) => image.category !== null)}
            birthDate={patient.data.birthDate}
          />
        )}
        {images.hasNextPage && <More images={images} />}
      </div>
      <Exposures patientId={id} />
    </div>
  );
}

function More({ images }: { images: { fetchNextPage: () => unknown } }) {
  const t = useT();
  return (
    <button type="button" onClick={() => images.fetchNextPage()}>
      {t('frame.more')}
    </button>
  );
}

function Who({ patient }: { patient: Schemas['PatientAnswer'] }) {
  const t = useT();
  const mayEdit = useMay('imaging:capture');
  const [editing, setEditing] = useState(false);
  return (
    <section className="card stack" aria-labelledby="who">
      <h1 id="who">
        <PersonName of={patient} />
      </h1>
      <p>
        <BirthDate value={patient.birthDate} /> · {t(`sex.${sexOf(patient.sex)}`)}
      </p>
      {patient.mergedInto && (
        <p className="notice person">
          {t('patients.mergedInto')}{' '}
          <Link to={addressOf('patients', patient.mergedInto)}>{t('patients.there')}</Link>
        </p>
      )}
      <dl className="facts">
        {patient.identifiers.map((one) => (
          <div key={`${one.issuer}|${one.value}`}>
            <dt>{t('field.patientId')}</dt>
            <dd className="mono">
              <Data>{one.value}</Data> {one.issuer && <Data>{`(${one.issuer})`}</Data>}
            </dd>
          </div>
        ))}
        {patient.aliases.map((alias) => (
          <div key={nameOf(alias)}>
            <dt>{t('patients.alias')}</dt>
            <dd>
              <Data>{nameOf(alias)}</Data>
            </dd>
          </div>
        ))}
      </dl>
      {mayEdit && !patient.mergedInto && (
        <button type="button" onClick={() => setEditing(true)}>
          {t('patients.edit')}
        </button>
      )}
      <Relations patient={patient} />
      {editing && <EditPatient patient={patient} onClose={() => setEditing(false)} />}
    </section>
  );
}

function sexOf(sex: string): 'F' | 'M' | 'O' | 'none' {
  return (['F', 'M', 'O'] as const).find((one) => one === sex) ?? 'none';
}
