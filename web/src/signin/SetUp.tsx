import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, told } from '../api/client';
import { navigate } from '../frame/router';
import { useChangeOfPerson } from '../frame/session';
import { useT } from '../messages';
import { Failed } from '../parts/Failed';
import { field } from './form';
import './signin.css';

/** The one-time token of the link; it leaves the address bar, and with it the browser's history. */
function takeToken(): string {
  const token = new URLSearchParams(window.location.search).get('token') ?? '';
  if (token) window.history.replaceState(null, '', window.location.pathname);
  return token;
}

interface Wanted {
  email: string;
  password: string;
  clinicName: string;
}

/** The form that makes the first administrator, and signs them in. */
export function SetUp() {
  const t = useT();
  const [token] = useState(takeToken);
  const enter = useChangeOfPerson();
  const setUp = useMutation({
    mutationFn: async ({ clinicName, ...who }: Wanted) => {
      await told(api.POST('/api/setup', { body: { ...who, token, clinicName: clinicName || null } }));
      return told(api.POST('/api/session', { body: who }));
    },
    onSuccess: (session) => {
      enter(session);
      navigate('/inbox', { replace: true });
    },
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [email, password, clinicName] = [
      field(form, 'email'),
      field(form, 'password'),
      field(form, 'clinicName'),
    ];
    setUp.mutate({ email, password, clinicName });
  }

  return (
    <main className="signin card">
      <h1>{t('setup.title')}</h1>
      <p className="soft">{token ? t('setup.lead') : t('setup.noToken')}</p>
      {setUp.isError && <Failed error={setUp.error} />}
      <form className="stack" onSubmit={submit} hidden={!token}>
        <label>
          {t('setup.clinic')}
          <input name="clinicName" maxLength={200} autoComplete="organization" />
        </label>
        <label>
          {t('setup.email')}
          <input name="email" type="email" maxLength={200} autoComplete="username" required />
        </label>
        <label>
          {t('setup.password')}
          <input
            name="password"
            type="password"
            minLength={12}
            maxLength={1000}
            autoComplete="new-password"
            required
          />
        </label>
        <button type="submit" className="primary" disabled={setUp.isPending}>
          {t('setup.go')}
        </button>
      </form>
    </main>
  );
}
