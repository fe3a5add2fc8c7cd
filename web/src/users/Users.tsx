import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, told } from '../api/client';
import { useSpeech, useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { FormDialog } from '../parts/FormDialog';
import { dateOf } from '../parts/format';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { field } from '../signin/form';

const ROLES = ['admin', 'clinician', 'reception'] as const;

/** Who may sign in, and as what. */
export default function Users() {
  const t = useT();
  const found = useQuery({ queryKey: ['users', 'all'], queryFn: () => told(api.GET('/api/users')) });
  return (
    <div className="screen">
      <h1>{t('frame.users')}</h1>
      <Section title={t('users.all')} found={found}>
        {({ items }) => (
          <div className="wide">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('signin.email')}</th>
                  <th scope="col">{t('users.role')}</th>
                  <th scope="col">{t('users.state')}</th>
                  <th scope="col">{t('users.since')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((user) => (
                  <Row key={user.id} user={user} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Section>
      <AddUser />
    </div>
  );
}

function Row({ user }: { user: Schemas['UserAnswer'] }) {
  const { language, t } = useSpeech();
  const change = useAction(
    (body: Schemas['UserChange']) =>
      told(api.PATCH('/api/users/{user_id}', { params: { path: { user_id: user.id } }, body })),
    ['users'],
  );
  const active = user.state === 'active';
  return (
    <tr>
      <td>
        <Data>{user.email}</Data>
      </td>
      <td>
        <select
          aria-label={`${t('users.role')}: ${user.email}`}
          value={user.role}
          onChange={(event) => change.mutate({ role: event.target.value, active: null })}
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </select>
        {change.isError && <Failed error={change.error} />}
      </td>
      <td>
        <button
          type="button"
          aria-pressed={active}
          onClick={() => change.mutate({ role: null, active: !active })}
        >
          {t(active ? 'users.active' : 'users.off')}
        </button>
      </td>
      <td>{dateOf(user.createdAt, language)}</td>
    </tr>
  );
}

function AddUser() {
  const t = useT();
  function add(form: FormData) {
    const body = {
      email: field(form, 'email'),
      password: field(form, 'password'),
      role: field(form, 'role'),
    };
    return told(api.POST('/api/users', { body }));
  }
  return (
    <FormDialog title={t('users.add')} act={add} topics={['users']}>
      <label>
        {t('signin.email')}
        <input name="email" type="email" autoComplete="off" maxLength={200} required />
      </label>
      <label>
        {t('setup.password')}
        <input
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={12}
          maxLength={1000}
          required
        />
      </label>
      <label>
        {t('users.role')}
        <select name="role" defaultValue="reception">
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </select>
      </label>
    </FormDialog>
  );
}
