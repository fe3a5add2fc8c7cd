import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, told } from '../api/client';
import { useChangeOfPerson } from '../frame/session';
import { useT } from '../messages';
import { Failed } from '../parts/Failed';
import { field } from './form';
import './signin.css';

export function SignIn() {
  const t = useT();
  const enter = useChangeOfPerson();
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) => told(api.POST('/api/session', { body })),
    onSuccess: enter,
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ email: field(form, 'email'), password: field(form, 'password') });
  }

  return (
    <main className="signin card">
      <h1>{t('signin.title')}</h1>
      <p className="soft">{t('signin.lead')}</p>
      {signIn.isError && <Failed error={signIn.error} />}
      <form className="stack" onSubmit={submit}>
        <label>
          {t('signin.email')}
          <input name="email" type="email" autoComplete="username" maxLength={200} required />
        </label>
        <label>
          {t('signin.password')}
          <input name="password" type="password" autoComplete="current-password" maxLength={1000} required />
        </label>
        <button type="submit" className="primary" disabled={signIn.isPending}>
          {t('signin.go')}
        </button>
      </form>
      <p className="soft small">{t('signin.noAccount')}</p>
    </main>
  );
}
