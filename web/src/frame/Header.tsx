import { useMutation } from '@tanstack/react-query';
import { api, told } from '../api/client';
import { useT } from '../messages';
import { Link } from './Link';
import { addressOf, navigate } from './router';
import { SCREENS } from './screens';
import { type Session, useChangeOfPerson } from './session';
import './frame.css';

export function Header({ session, here }: { session: Session; here: string }) {
  const t = useT();
  const change = useChangeOfPerson();
  const signOut = useMutation({
    mutationFn: () => told(api.DELETE('/api/session')),
    onSettled: () => {
      change(null);
      navigate('/');
    },
  });
  const shown = SCREENS.filter((screen) => screen.listed && session.permissions.includes(screen.permission));
  return (
    <header className="frame">
      <a className="skip" href="#content">
        {t('frame.skip')}
      </a>
      <div className="frame-top">
        <span className="frame-name">Porion</span>
        <span className="frame-clinic">{session.clinic.name}</span>
        <span className="frame-who">{session.name}</span>
        <button type="button" className="quiet" onClick={() => signOut.mutate()}>
          {t('frame.signOut')}
        </button>
      </div>
      <nav aria-label={t('frame.screens')}>
        {shown.map((screen) => (
          <Link
            key={screen.name}
            to={addressOf(screen.name)}
            aria-current={screen.name === here ? 'page' : undefined}
          >
            {t(screen.title)}
          </Link>
        ))}
      </nav>
    </header>
  );
}
