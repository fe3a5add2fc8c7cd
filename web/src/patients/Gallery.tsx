import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { useSpeech } from '../messages';
import { ageOf, dateOf } from '../parts/format';
import { Picture } from '../parts/Picture';
import { categoryKey } from '../parts/words';
import { bySlot, type Image, SLOTS, type TimePoint, timePoints } from './timepoints';

interface GalleryProps {
  images: readonly Image[];
  birthDate: string | null;
}

/** The records of each time point: filled where there is an image, hollow where there is none. */
export function Gallery({ images, birthDate }: GalleryProps) {
  const { t } = useSpeech();
  if (images.length === 0) return <p className="soft card">{t('patients.noImages')}</p>;
  return (
    <>
      {timePoints(images).map((point) => (
        <Point key={point.day ?? 'undated'} point={point} birthDate={birthDate} />
      ))}
    </>
  );
}

function Point({ point, birthDate }: { point: TimePoint; birthDate: string | null }) {
  const { language, t } = useSpeech();
  const { slots, others } = bySlot(point);
  const heading = `point-${point.day ?? 'undated'}`;
  const age = point.day && birthDate ? ageOf(birthDate, new Date(point.day)) : null;
  return (
    <section className="card point" aria-labelledby={heading}>
      <h2 id={heading}>
        {point.day ? dateOf(point.day, language) : t('patients.undated')}{' '}
        {age !== null && <span className="soft">{t('person.age', { count: age })}</span>}
      </h2>
      <ul className="slots">
        {SLOTS.map((slot) => (
          <li key={slot}>
            <h3>{t(`slot.${slot}`)}</h3>
            {slots[slot].length === 0 ? (
              <span className="hollow">{t('patients.missing')}</span>
            ) : (
              slots[slot].map((image) => <Thumb key={image.id} image={image} />)
            )}
          </li>
        ))}
        {others.length > 0 && (
          <li>
            <h3>{t('category.OTHER')}</h3>
            {others.map((image) => (
              <Thumb key={image.id} image={image} />
            ))}
          </li>
        )}
      </ul>
    </section>
  );
}

function Thumb({ image }: { image: Image }) {
  const { language, t } = useSpeech();
  const what = t(categoryKey(image.category));
  const teeth = image.teeth.length > 0 ? image.teeth.join(' ') : '';
  return (
    <Link
      to={addressOf('images', image.id)}
      className="thumb"
      aria-label={`${what} ${dateOf(image.acquiredAt, language)} ${teeth}`}
    >
      <Picture imageId={image.id} size={256} label={what} />
      <span className="small">
        {teeth || what}
        {image.needsReview && <span className="tag person">?</span>}
      </span>
    </Link>
  );
}
