import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { momentOf } from '../parts/format';
import { BirthDate, PersonName } from '../parts/Person';
import { Picture } from '../parts/Picture';
import { categoryKey } from '../parts/words';
import type { Item } from './decide';

/** Who the image claims to be, and what it shows. */
export function Claimed({ item }: { item: Item }) {
  const { t } = useSpeech();
  const claim = item.claimedIdentity;
  return (
    <section className="claimed card" aria-labelledby="claimed">
      <h2 id="claimed">{t('inbox.claimed')}</h2>
      <p className="claimed-name">
        <PersonName of={claim} />
      </p>
      <p>
        <BirthDate value={claim.birthDate} /> · <Data>{claim.sex || t('person.noSex')}</Data>
      </p>
      <p className="mono">
        {claim.identifiers.map((one) => (
          <span key={`${one.issuer}|${one.value}`} className="claimed-id">
            # <Data>{one.value}</Data> {one.issuer && <Data>{`(${one.issuer})`}</Data>}
          </span>
        ))}
      </p>
      <div className="claimed-images">
        {item.images.slice(0, 12).map((image, at) => (
          <ClaimedImage key={image.id} image={image} large={at === 0} />
        ))}
      </div>
      {item.images.length > 12 && <p>{t('inbox.moreImages', { count: item.images.length - 12 })}</p>}
    </section>
  );
}

function ClaimedImage({ image, large }: { image: Item['images'][number]; large: boolean }) {
  const { language, t } = useSpeech();
  const what = t(categoryKey(image.category));
  return (
    <figure className={large ? 'large' : ''}>
      <Link to={addressOf('images', image.id)} aria-label={t('inbox.open', { what })}>
        <Picture imageId={image.id} size={large ? 640 : 200} label={what} />
      </Link>
      <figcaption>
        {what} · {t('inbox.sure', { percent: Math.round(image.categoryConfidence * 100) })}
        {image.slices !== null && ` · ${t('inbox.slices', { count: image.slices })}`}
        <br />
        <span className="soft">{momentOf(image.acquiredAt, language)}</span>
        {image.needsReview && <span className="tag person">{t('inbox.needsReview')}</span>}
        {image.problems.map((problem) => (
          <span key={`${problem.tag}|${problem.reason}`} className="claimed-problem" lang="en">
            ⚠ <Data>{problem.reason}</Data>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
