import { api, told } from '../api/client';
import { useT } from '../messages';
import { FormDialog } from '../parts/FormDialog';
import { field } from '../signin/form';

/** Lets a device in before it has knocked. */
export function AddDevice() {
  const t = useT();
  function add(form: FormData) {
    const body = {
      aeTitle: field(form, 'aeTitle'),
      address: field(form, 'address'),
      name: field(form, 'name'),
      port: null,
    };
    return told(api.POST('/api/imaging/devices', { body }));
  }
  return (
    <FormDialog title={t('devices.add')} act={add} topics={['devices']}>
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
    </FormDialog>
  );
}
