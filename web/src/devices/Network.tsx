import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, type Schemas, told } from '../api/client';
import { useT } from '../messages';
import { Failed } from '../parts/Failed';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { field } from '../signin/form';

/** Porion's AE title and where it listens; a change takes effect at the next start. */
export function Network() {
  const t = useT();
  const found = useQuery({
    queryKey: ['devices', 'network'],
    queryFn: () => told(api.GET('/api/imaging/network')),
  });
  return (
    <Section title={t('network.title')} found={found}>
      {(network) => <Form key={network.updatedAt} network={network} />}
    </Section>
  );
}

function Form({ network }: { network: Schemas['NetworkAnswer'] }) {
  const t = useT();
  const save = useAction(
    (form: FormData) =>
      told(
        api.PUT('/api/imaging/network', {
          body: {
            aeTitle: field(form, 'aeTitle'),
            listen: field(form, 'listen'),
            tlsListen: field(form, 'tlsListen'),
            acceptUnknownClasses: form.has('unknown'),
          },
        }),
      ),
    ['devices'],
  );

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    save.mutate(new FormData(event.currentTarget));
  }
  return (
    <form className="stack" onSubmit={submit}>
      <div className="fields">
        <label>
          {t('network.aeTitle')}
          <input name="aeTitle" defaultValue={network.aeTitle} maxLength={16} required />
        </label>
        <label>
          {t('network.listen')}
          <input
            name="listen"
            defaultValue={network.listen}
            maxLength={100}
            placeholder="192.168.1.5:11112"
          />
        </label>
        <label>
          {t('network.tls')}
          <input
            name="tlsListen"
            defaultValue={network.tlsListen}
            maxLength={100}
            placeholder="192.168.1.5:2762"
          />
        </label>
      </div>
      <label className="tick">
        <input type="checkbox" name="unknown" defaultChecked={network.acceptUnknownClasses} />
        {t('network.unknown')}
      </label>
      <p className="soft small">{t('network.lead')}</p>
      {save.isError && <Failed error={save.error} />}
      {save.isSuccess && <p role="status">{t('network.saved')}</p>}
      <div>
        <button type="submit">{t('frame.save')}</button>
      </div>
    </form>
  );
}
