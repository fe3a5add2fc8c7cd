import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, told } from '../api/client';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { dateOf } from '../parts/format';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { field } from '../signin/form';

/** One's own API tokens; a secret is shown once. */
export function Tokens() {
  const { language, t } = useSpeech();
  const found = useQuery({ queryKey: ['users', 'tokens'], queryFn: () => told(api.GET('/api/tokens')) });
  const make = useAction(
    (name: string) => told(api.POST('/api/tokens', { body: { name, email: null } })),
    ['users'],
  );
  const end = useAction(
    (id: string) => told(api.DELETE('/api/tokens/{token_id}', { params: { path: { token_id: id } } })),
    ['users'],
  );

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    make.mutate(field(new FormData(event.currentTarget), 'name'));
    event.currentTarget.reset();
  }
  return (
    <Section title={t('tokens.title')} found={found}>
      {({ items }) => (
        <>
          <p className="soft">{t('tokens.lead')}</p>
          {items.map((token) => (
            <div key={token.id} className="row">
              <Data>{token.name}</Data>
              <span className="soft">{dateOf(token.createdAt, language)}</span>
              <button type="button" className="danger" onClick={() => end.mutate(token.id)}>
                {t('tokens.end')}
              </button>
            </div>
          ))}
          {make.data && (
            <p className="notice person" role="status">
              {t('tokens.once')} <code className="mono">{make.data.secret}</code>
            </p>
          )}
          <form className="row" onSubmit={submit}>
            <label>
              {t('tokens.name')}
              <input name="name" maxLength={200} required />
            </label>
            <button type="submit">{t('tokens.make')}</button>
          </form>
          {Boolean(make.error ?? end.error) && <Failed error={make.error ?? end.error} />}
        </>
      )}
    </Section>
  );
}
