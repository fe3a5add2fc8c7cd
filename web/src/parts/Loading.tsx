import { useT } from '../messages';

export function Loading() {
  const t = useT();
  return (
    <p className="soft" role="status">
      {t('frame.loading')}
    </p>
  );
}
