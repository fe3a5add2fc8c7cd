import { type FormEvent, useState } from 'react';
import type { Schemas } from '../api/client';
import { useT } from '../messages';
import { Dialog } from '../parts/Dialog';
import { Failed } from '../parts/Failed';
import { nameOf } from '../parts/format';
import { PatientFields, personIn } from '../patients/PatientFields';
import { type Item, type Look, toggled } from './decide';
import { Looks } from './Looks';
import type { useNewPatient } from './useInbox';

interface NewPatientProps {
  item: Item;
  making: ReturnType<typeof useNewPatient>;
  onClose: () => void;
}

/** A new patient in place, from what the image claims; what is wrong there is typed right here. */
export function NewPatient({ item, making, onClose }: NewPatientProps) {
  const t = useT();
  const claimed = claimedPerson(item);
  const likely = item.candidates.some((one) => one.grade === 'certain' || one.grade === 'probable');
  const [ticked, setTicked] = useState<ReadonlySet<Look>>(new Set());
  const [reason, setReason] = useState('');

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const person = personIn(new FormData(event.currentTarget), claimed);
    const asClaimed = JSON.stringify(person) === JSON.stringify(claimed);
    making.mutate({
      item,
      person,
      asClaimed,
      verified: [...ticked],
      reason: reason || null,
      name: nameOf(person),
    });
  }
  return (
    <Dialog title={t('inbox.newPatient')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <PatientFields person={claimed} />
        <Looks ticked={ticked} tick={(look) => setTicked((held) => toggled(held, look))} />
        {likely && (
          <label>
            {t('inbox.whyNew')}
            <input
              value={reason}
              maxLength={1000}
              required
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
        )}
        {making.isError && <Failed error={making.error} />}
        <button type="submit" className="primary" disabled={ticked.size < 2 || making.isPending}>
          {t('inbox.addAndLink')}
        </button>
      </form>
    </Dialog>
  );
}

function claimedPerson(item: Item): Schemas['NewPatient'] {
  const { family, given, middle, prefix, suffix, birthDate, sex, identifiers } = item.claimedIdentity;
  const known = (['F', 'M', 'O'] as const).find((one) => one === sex) ?? '';
  return { family, given, middle, prefix, suffix, birthDate, sex: known, identifiers, aliases: [] };
}
