import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, type Schemas, told } from '../api/client';
import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { useMay } from '../frame/session';
import { FindPatient } from '../inbox/FindPatient';
import { useSpeech, useT } from '../messages';
import { Data } from '../parts/Data';
import { Dialog } from '../parts/Dialog';
import { Failed } from '../parts/Failed';
import { dayOf, momentOf } from '../parts/format';
import { BirthDate, PersonName } from '../parts/Person';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { categoryKey } from '../parts/words';
import { field } from '../signin/form';

type Step = Schemas['StepAnswer'];

/** What is scheduled at the devices on a day. */
export default function Worklist() {
  const t = useT();
  const [day, setDay] = useState(() => dayOf(new Date()));
  const [adding, setAdding] = useState(false);
  const mayPlan = useMay('imaging:capture');
  const found = useQuery({
    queryKey: ['step', day],
    queryFn: () => told(api.GET('/api/imaging/worklist', { params: { query: { date: day } } })),
    enabled: day !== '',
  });
  return (
    <div className="screen">
      <h1>{t('frame.worklist')}</h1>
      <div className="row">
        <label>
          {t('worklist.day')}
          <input type="date" value={day} onChange={(event) => setDay(event.target.value)} />
        </label>
        {mayPlan && (
          <button type="button" onClick={() => setAdding(true)}>
            {t('worklist.add')}
          </button>
        )}
      </div>
      <Section title={t('worklist.steps')} found={found}>
        {({ items }) =>
          items.length === 0 ? <p className="soft">{t('worklist.none')}</p> : <Rows steps={items} />
        }
      </Section>
      {adding && <Schedule day={day} onClose={() => setAdding(false)} />}
    </div>
  );
}

function Rows({ steps }: { steps: Step[] }) {
  const t = useT();
  return (
    <div className="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('patients.when')}</th>
            <th scope="col">{t('field.name')}</th>
            <th scope="col">{t('worklist.step')}</th>
            <th scope="col">{t('devices.device')}</th>
            <th scope="col">{t('jobs.state')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <Row key={step.id} step={step} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ step }: { step: Step }) {
  const { language, t } = useSpeech();
  const mayPlan = useMay('imaging:capture');
  const params = { path: { step_id: step.id } };
  const cancel = useAction(
    () => told(api.POST('/api/imaging/worklist/{step_id}/cancel', { params })),
    ['step'],
  );
  const complete = useAction(
    () => told(api.POST('/api/imaging/worklist/{step_id}/complete', { params })),
    ['step'],
  );
  const failed = cancel.error ?? complete.error;
  return (
    <tr>
      <td>{momentOf(step.startsAt, language)}</td>
      <td>
        <Link to={addressOf('patients', step.patient.id)}>
          <PersonName of={step.patient} />
        </Link>
        <br />
        <BirthDate value={step.patient.birthDate} />
      </td>
      <td>
        {step.category ? t(categoryKey(step.category)) : <Data>{step.description}</Data>}
        <br />
        <span className="mono soft">
          <Data>{step.accessionNumber}</Data>
        </span>
      </td>
      <td className="mono">
        <Data>{step.stationAe || t('worklist.anyDevice')}</Data>
      </td>
      <td>
        <Data>{step.state}</Data>{' '}
        {step.images.map((image) => (
          <Link key={image} to={addressOf('images', image)}>
            {t('image.title')}
          </Link>
        ))}
        {mayPlan && step.state === 'scheduled' && (
          <div className="row">
            <button type="button" onClick={() => complete.mutate()}>
              {t('worklist.complete')}
            </button>
            <button type="button" className="danger" onClick={() => cancel.mutate()}>
              {t('worklist.cancel')}
            </button>
          </div>
        )}
        {Boolean(failed) && <Failed error={failed} />}
      </td>
    </tr>
  );
}

function Schedule({ day, onClose }: { day: string; onClose: () => void }) {
  const t = useT();
  const [patient, setPatient] = useState<Schemas['PatientAnswer'] | null>(null);
  const templates = useQuery({
    queryKey: ['step', 'templates'],
    queryFn: () => told(api.GET('/api/imaging/worklist/templates')),
  });
  const add = useAction(
    (body: Schemas['NewSchedule']) => told(api.POST('/api/imaging/worklist', { body })),
    ['step'],
    onClose,
  );

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (!patient) return;
    add.mutate({
      patientId: patient.id,
      startsAt: `${field(form, 'day')}T${field(form, 'time')}`,
      template: field(form, 'template'),
      stationAe: field(form, 'stationAe').trim(),
      steps: [],
      description: '',
      requestedBy: '',
      accessionNumber: '',
      studyInstanceUid: '',
    });
  }
  return (
    <Dialog title={t('worklist.add')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {patient && (
          <p className="notice">
            <PersonName of={patient} /> <BirthDate value={patient.birthDate} />
          </p>
        )}
        <FindPatient choose={setPatient} open />
        <div className="fields">
          <label>
            {t('worklist.day')}
            <input name="day" type="date" defaultValue={day} required />
          </label>
          <label>
            {t('worklist.time')}
            <input name="time" type="time" defaultValue="09:00" required />
          </label>
          <label>
            {t('worklist.template')}
            <select name="template">
              {templates.data?.items.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.description || one.name}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('worklist.device')}
            <input name="stationAe" maxLength={16} />
          </label>
        </div>
        {add.isError && <Failed error={add.error} />}
        <button type="submit" className="primary" disabled={!patient || add.isPending}>
          {t('worklist.add')}
        </button>
      </form>
    </Dialog>
  );
}
