import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api, type Schemas, told } from '../api/client';
import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { type Key, useSpeech } from '../messages';
import { Failed } from '../parts/Failed';
import { momentOf } from '../parts/format';
import { Loading } from '../parts/Loading';
import { Picture } from '../parts/Picture';
import { categoryKey } from '../parts/words';
import { About } from './About';
import { History } from './History';
import { Tags } from './Tags';
import './image.css';

// The viewer is megabytes: it is fetched when an image is opened, and no sooner.
// It comes while the image's data are asked for.
const loadViewer = () => import('../viewer/Viewer');
void loadViewer().catch(() => undefined);
const Viewer = lazy(loadViewer);

export type Detail = Schemas['ImageDetail'];
const DRAWERS = ['about', 'tags', 'history'] as const;
type Drawer = (typeof DRAWERS)[number];
const TITLES: Record<Drawer, Key> = { about: 'image.about', tags: 'image.tags', history: 'image.history' };

/** One image: the viewer takes the room, everything that is known of it stands in the drawer. */
export default function ImageScreen({ id }: { id: string }) {
  const image = useQuery({
    queryKey: ['images', 'one', id],
    queryFn: () => told(api.GET('/api/imaging/images/{image_id}', { params: { path: { image_id: id } } })),
  });
  if (image.isPending) return <Loading />;
  if (image.isError) return <Failed error={image.error} again={() => image.refetch()} />;
  return <Opened key={id} image={image.data as Detail} />;
}

function Opened({ image }: { image: Detail }) {
  const { language, t } = useSpeech();
  const [drawer, setDrawer] = useState<Drawer>('about');
  const what = t(categoryKey(image.category));
  const owner = image.patientId
    ? addressOf('patients', image.patientId)
    : addressOf('inbox', image.pendingId);
  return (
    <div className="image">
      <div className="image-head">
        <h1>{what}</h1>
        <span className="soft">{momentOf(image.acquiredAt, language)}</span>
        <Link to={owner}>{t(image.patientId ? 'image.toPatient' : 'image.toInbox')}</Link>
      </div>
      <div className="image-room">
        <Suspense fallback={<Loading />}>
          {image.category ? (
            <Viewer imageId={image.id} />
          ) : (
            <Picture imageId={image.id} size={1600} label={what} className="image-picture" />
          )}
        </Suspense>
      </div>
      <aside className="image-drawer card" aria-label={t('image.known')}>
        <div role="tablist" aria-label={t('image.known')} className="tabs">
          {DRAWERS.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              id={`tab-${one}`}
              aria-selected={drawer === one}
              aria-controls="drawer"
              onClick={() => setDrawer(one)}
            >
              {t(TITLES[one])}
            </button>
          ))}
        </div>
        <div role="tabpanel" id="drawer" aria-labelledby={`tab-${drawer}`} className="stack">
          {drawer === 'about' && <About image={image} />}
          {drawer === 'tags' && <Tags image={image} />}
          {drawer === 'history' && <History image={image} />}
        </div>
      </aside>
    </div>
  );
}
