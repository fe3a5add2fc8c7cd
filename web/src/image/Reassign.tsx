import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, type Schemas, told } from '../api/client';
import { type Look, toggled } from '../inbox/decide';
import { FindPatient } from '../inbox/FindPatient';
import { Looks } from '../inbox/Looks';
import { useT } from '../messages';
import { Dialog } from '../parts/Dialog';
import { Failed } from '../parts/Failed';
import { BirthDate, PersonName } from '../parts/Person';
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
        <Looks ticked={ticked} tick={(look) => setTicked((held) => toggled(held, look))} />
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
