import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, type Schemas, told } from '../api/client';
import { LOOKS, type Look } from '../inbox/decide';
import { FindPatient } from '../inbox/FindPatient';
import { useT } from '../messages';
import { Dialog } from '../parts/Dialog';
import { Failed } from '../parts/Failed';
import { BirthDate, PersonName } from '../parts/Person';
import { fieldKey } from '../parts/words';
import { field } from '../signin/form';
import type { Detail } from './ImageScreen';

/** Gives the images of a link to another patient, in one decision. */
export function Reassign({ image, onClose }: { image: Detail; onClose: () => void }) {
  const t = useT();
  const queries = useQueryClient();
  const [patient, setPatient] = useState<Schemas['PatientAnswer'] | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<Look>>(new Set());
  const reassign = useMutation({
    mutationFn: (body: Schemas['Reassignment']) =>
      told(
        api.POST('/api/imaging/pending/{pending_id}/reassign', {
          params: { path: { pending_id: image.pendingId } },
          body,
        }),
      ),
    onSuccess: () => {
      for (const topic of ['images', 'inbox', 'patients'])
        void queries.invalidateQueries({ queryKey: [topic] });
      onClose();
    },
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const reason = field(new FormData(event.currentTarget), 'reason');
    if (patient) reassign.mutate({ patientId: patient.id, verified: [...ticked], reason, snapshot: null });
  }
  function tick(look: Look, on: boolean) {
    setTicked((held) => new Set(on ? [...held, look] : [...held].filter((one) => one !== look)));
  }
  return (
    <Dialog title={t('image.reassign')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p className="soft">{t('image.reassignLead')}</p>
        {patient && (
          <p className="notice">
            <PersonName of={patient} /> <BirthDate value={patient.birthDate} />
          </p>
        )}
        <FindPatient choose={setPatient} open />
        <fieldset className="ticks">
          <legend>{t('inbox.verified')}</legend>
          {LOOKS.map((look) => (
            <label key={look} className="tick">
              <input
                type="checkbox"
                checked={ticked.has(look)}
                onChange={(event) => tick(look, event.target.checked)}
              />
              {t(fieldKey(look) ?? 'field.name')}
            </label>
          ))}
        </fieldset>
        <label>
          {t('image.whyWrong')}
          <input name="reason" maxLength={1000} required />
        </label>
        {reassign.isError && <Failed error={reassign.error} />}
        <button
          type="submit"
          className="primary"
          disabled={!patient || ticked.size < 2 || reassign.isPending}
        >
          {t('image.reassign')}
        </button>
      </form>
    </Dialog>
  );
}
