import { Suspense, useEffect } from 'react';
import { useT } from '../messages';
import { Failed } from '../parts/Failed';
import { Loading } from '../parts/Loading';
import { SetUp } from '../signin/SetUp';
import { SignIn } from '../signin/SignIn';
import { Header } from './Header';
import { Link } from './Link';
import { useLive } from './live';
import { usePlace } from './router';
import { SCREENS } from './screens';
import { type Session, useSession } from './session';

export function App() {
  const place = usePlace();
  const session = useSession();
  if (place.screen === 'setup') return <SetUp />;
  if (session.isPending) return <Loading />;
  if (session.isError) return <Failed error={session.error} again={() => session.refetch()} />;
  if (!session.data) return <SignIn />;
  return <Inside session={session.data} />;
}

function Inside({ session }: { session: Session }) {
  const place = usePlace();
  const t = useT();
  useLive();
  const title = SCREENS.find((one) => one.name === place.screen)?.title;
  useEffect(() => {
    document.title = title ? `${t(title)} · Porion` : 'Porion';
  }, [title, t]);
  return (
    <>
      <Header session={session} here={place.screen} />
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Here screen={place.screen} id={place.id ?? ''} />
        </Suspense>
      </main>
    </>
  );
}

function Here({ screen, id }: { screen: string; id: string }) {
  const t = useT();
  const found = SCREENS.find((one) => one.name === screen);
  if (found) return <found.Component id={id} />;
  return (
    <div className="screen">
      <p>{t('frame.nowhere')}</p>
      <Link to="/inbox">{t('frame.home')}</Link>
    </div>
  );
}
