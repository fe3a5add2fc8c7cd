import { useEffect, useRef } from 'react';
import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { agoOf, clockOf } from '../parts/format';
import { PersonName } from '../parts/Person';
import { categoryKey, gradeOf } from '../parts/words';
import type { Item } from './decide';
import type { useWaiting } from './useInbox';

interface WaitingListProps {
  waiting: ReturnType<typeof useWaiting>;
  current: string;
}

export function WaitingList({ waiting, current }: WaitingListProps) {
  const { language, t } = useSpeech();
  const oldest = waiting.items[0];
  return (
    <nav className="waiting" aria-label={t('inbox.waitingList')}>
      <p className="soft small">{oldest && t('inbox.oldest', { ago: agoOf(oldest.createdAt, language) })}</p>
      <ol>
        {waiting.items.map((item) => (
          <li key={item.id}>
            <Waiting item={item} here={item.id === current} />
          </li>
        ))}
      </ol>
      {waiting.hasNextPage && (
        <button type="button" onClick={() => waiting.fetchNextPage()} disabled={waiting.isFetchingNextPage}>
          {t('frame.more')}
        </button>
      )}
    </nav>
  );
}

function Waiting({ item, here }: { item: Item; here: boolean }) {
  const { language, t } = useSpeech();
  const place = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (here) place.current?.scrollIntoView({ block: 'nearest' });
  }, [here]);
  const [first] = item.images;
  const best = item.candidates[0];
  return (
    <Link
      ref={place}
      to={addressOf('inbox', item.id)}
      aria-current={here ? 'true' : undefined}
      className="waiting-item"
    >
      <span className="waiting-what">
        <time dateTime={item.createdAt}>{clockOf(item.createdAt, language)}</time>{' '}
        <strong>{t(categoryKey(first?.category))}</strong>
        {item.images.length > 1 && ` ×${item.images.length}`}
      </span>
      <span className="waiting-who">
        <PersonName of={item.claimedIdentity} />
      </span>
      <span className="small soft">
        <Data>{first?.source.aeTitle ?? first?.source.device ?? first?.source.path ?? ''}</Data>
      </span>
      <span className={`tag ${best?.grade === 'certain' ? 'verified' : best ? 'person' : 'plain'}`}>
        {t(best ? `grade.${gradeOf(best.grade)}` : 'grade.nobody')}
      </span>
    </Link>
  );
}
