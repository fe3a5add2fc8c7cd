import { useState } from 'react';
import { useT } from '../messages';

interface PictureProps {
  imageId: string;
  size: number;
  label: string;
  className?: string;
}

/** A small picture of an image; where there are no pixels to show, it says so. */
export function Picture({ imageId, size, label, className }: PictureProps) {
  const t = useT();
  const [failed, setFailed] = useState<string | null>(null);
  if (failed === imageId) {
    return (
      <span
        className={`picture-none ${className ?? ''}`}
        role="img"
        aria-label={`${label}: ${t('frame.noPicture')}`}
      >
        {t('frame.noPicture')}
      </span>
    );
  }
  return (
    <img
      src={`/api/imaging/images/${encodeURIComponent(imageId)}/picture?size=${size}`}
      alt={label}
      className={className}
      onError={() => setFailed(imageId)}
      decoding="async"
    />
  );
}
