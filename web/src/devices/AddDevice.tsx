import { type FormEvent, useState } from 'react';
import { api, told } from '../api/client';
import { useT } from '../messages';
import { Dialog } from '../parts/Dialog';
import { Failed } from '../parts/Failed';
import { useAction } from '../parts/useAction';
import { field } from '../signin/form';

/** Lets a device in before it has knocked. */
export function AddDevice() {
  const t = useT();
  const [open, setOpen] = useState(false);
  const add = useAction(
    (form: FormData) => {
      const body = {
        aeTitle: field(form, 'aeTitle'),
        address: field(form, 'address'),
        name: field(form, 'name'),
        port: null,
      };
      return told(api.POST('/api/imaging/devices', { body }));
    },
    ['devices'],
    () => setOpen(false),
  );

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    add.mutate(new FormData(event.currentTarget));
  }
  return (
    <div>
      <button type="button" onClick={() => setOpen(true)}>
        {t('devices.add')}
      </button>
      {open && (
        <Dialog title={t('devices.add')} onClose={() => setOpen(false)}>
          <form className="stack" onSubmit={submit}>
            <label>
              {t('devices.title')}
              <input name="aeTitle" maxLength={16} required />
            </label>
            <label>
              {t('devices.address')}
              <input name="address" maxLength={100} required placeholder="192.168.1.20" />
            </label>
            <label>
              {t('devices.name')}
              <input name="name" maxLength={200} />
            </label>
            {add.isError && <Failed error={add.error} />}
            <button type="submit" className="primary">
              {t('devices.add')}
            </button>
          </form>
        </Dialog>
      )}
    </div>
  );
}
