import { Link } from '../frame/Link';
import { useOverview } from '../frame/overview';
import { useT } from '../messages';

export function Empty() {
  const t = useT();
  const overview = useOverview();
  return (
    <div className="empty">
      <p className="empty-word">{t('inbox.empty')}</p>
      {overview.data && <p className="soft">{t('inbox.today', { count: overview.data.linkedToday })}</p>}
      <Link to="/import" className="button">
        {t('frame.import')}
      </Link>
    </div>
  );
}
