/** The viewer: a radiograph or a volume on the whole screen, with tools in one row. */

import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { addressOf, navigate } from '../frame/router';
import { FlatView } from './flat/FlatView';
import { Trouble } from './parts/Trouble';
import { fetchImage, fetchRelatives, type Image } from './source';
import { VolumeView } from './volume/VolumeView';
import { useWords } from './words';
import './viewer.css';

export interface ViewerProps {
  imageId: string;
  /** A second image to lay beside the first. */
  compareWith?: string;
}

export default function Viewer({ imageId, compareWith }: ViewerProps) {
  const { say } = useWords();
  const [beside, setBeside] = useState<string | null>(compareWith ?? null);
  useEffect(() => setBeside(compareWith ?? null), [compareWith]);
  const image = useImage(imageId);
  const other = useImage(beside);
  const turn = useTurn(image.data);
  const images = useMemo(() => pair(image.data, other.data), [image.data, other.data]);
  if (image.isError) return <Trouble error={image.error} again={() => image.refetch()} />;
  if (!images) return <p className="viewer-wait">{say('loading')}</p>;
  const [first] = images;
  if (first.volume && first.volume.verdict !== 'not-a-volume')
    return <VolumeView key={first.id} image={first} />;
  const note = first.volume ? say('notVolume', { why: first.volume.summary }) : undefined;
  return (
    <FlatView
      key={images.map(({ id }) => id).join()}
      images={images}
      compare={setBeside}
      turn={turn}
      note={other.isError ? say('why.gone') : note}
    />
  );
}

function useImage(id: string | null) {
  return useQuery({
    queryKey: ['images', 'one', id],
    queryFn: () => fetchImage(id ?? ''),
    enabled: id !== null,
    retry: false,
  });
}

function pair(
  first: Image | undefined,
  second: Image | undefined,
): readonly [Image] | readonly [Image, Image] | null {
  if (!first) return null;
  return second ? [first, second] : [first];
}

/** Goes to the image before or after this one among the same patient's. */
function useTurn(image: Image | undefined): (by: 1 | -1) => void {
  const relatives = useQuery({
    queryKey: ['images', 'relatives', image?.id, image?.patientId],
    queryFn: () => (image ? fetchRelatives(image) : []),
    enabled: image !== undefined,
  });
  const ids = relatives.data?.map(({ id }) => id);
  return useCallback(
    (by) => {
      const here = ids?.indexOf(image?.id ?? '') ?? -1;
      const to = here < 0 ? undefined : ids?.[here + by];
      if (to) navigate(addressOf('images', to));
    },
    [ids, image?.id],
  );
}
