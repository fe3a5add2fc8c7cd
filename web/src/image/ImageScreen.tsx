import { useQuery } from '@tanstack/react-query';
import { type ComponentType, lazy, Suspense } from 'react';
import { api, told } from '../api/client';
import { useT } from '../messages';
import { Failed } from '../parts/Failed';
import { Loading } from '../parts/Loading';

/** What the viewer is given; `compareWith` is a second image to lay beside the first. */
export interface ViewerProps {
  imageId: string;
  compareWith?: string;
}

// The viewer is megabytes: it is fetched when an image is opened, and no sooner.
const viewers = import.meta.glob<{ default: ComponentType<ViewerProps> }>('../viewer/Viewer.tsx');
const loadViewer = viewers['../viewer/Viewer.tsx'];
const Viewer = loadViewer && lazy(loadViewer);

export default function ImageScreen({ id }: { id: string }) {
  const t = useT();
  const image = useQuery({
    queryKey: ['image', id],
    queryFn: () => told(api.GET('/api/imaging/images/{image_id}', { params: { path: { image_id: id } } })),
  });
  if (image.isPending) return <Loading />;
  if (image.isError) return <Failed error={image.error} again={() => image.refetch()} />;
  return (
    <div className="screen">
      <h1>{image.data.category ?? t('image.title')}</h1>
      <Suspense fallback={<Loading />}>
        {Viewer ? <Viewer imageId={id} /> : <p>{t('image.noViewer')}</p>}
      </Suspense>
    </div>
  );
}
