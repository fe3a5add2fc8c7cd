import { useMutation } from '@tanstack/react-query';
import { api, told } from '../api/client';
import { useSpeech, useT } from '../messages';
import { Health } from './Health';
import { Link } from './Link';
import { useOverview } from './overview';
import { addressOf, navigate } from './router';
import { Search } from './Search';
import { SCREENS, type Screen } from './screens';
import { type Session, useChangeOfPerson } from './session';
import './frame.css';

export function Header({ session, here }: { session: Session; here: string }) {
  const t = useT();
  const shown = SCREENS.filter((screen) => screen.listed && session.permissions.includes(screen.permission));
  return (
    <header className="frame">
      <a className="skip button" href="#content">
        {t('frame.skip')}
      </a>
      <div className="frame-top">
        <span className="frame-name">Porion</span>
        <span className="frame-clinic">{session.clinic.name}</span>
        <Search />
        <Health />
        <SignOut name={session.name} />
      </div>
      <nav aria-label={t('frame.screens')}>
        {shown.map((screen) => (
          <ScreenLink key={screen.name} screen={screen} here={screen.name === here} />
        ))}
      </nav>
    </header>
  );
}

function ScreenLink({ screen, here }: { screen: Screen; here: boolean }) {
  const { language, t } = useSpeech();
  const overview = useOverview();
  const count = { inbox: overview.data?.waiting, devices: overview.data?.devicesWaiting }[screen.name] ?? 0;
  return (
    <Link to={addressOf(screen.name)} aria-current={here ? 'page' : undefined}>
      {t(screen.title)}
      {count > 0 && (
        <span className="count">
          {new Intl.NumberFormat(language).format(count)}
          <span className="hidden"> {t('frame.waiting')}</span>
        </span>
      )}
    </Link>
  );
}

function SignOut({ name }: { name: string }) {
  const t = useT();
  const change = useChangeOfPerson();
  const signOut = useMutation({
    mutationFn: () => told(api.DELETE('/api/session')),
    onSettled: () => {
      change(null);
      navigate('/');
    },
  });
  return (
    <span className="frame-who">
      {name}{' '}
      <button type="button" className="quiet" onClick={() => signOut.mutate()}>
        {t('frame.signOut')}
      </button>
    </span>
  );
}
