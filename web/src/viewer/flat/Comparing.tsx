import { useQuery } from '@tanstack/react-query';
import { Choice } from '../parts/Choice';
import { fetchRelatives, type Image, type ListedImage } from '../source';
import { useWords } from '../words';

/** Another date of the same patient and category, to lay beside this one. */
export function Comparing({
  images,
  compare,
}: {
  images: readonly Image[];
  compare: (id: string | null) => void;
}) {
  const { say, language } = useWords();
  const [first, second] = images;
  const relatives = useQuery({
    queryKey: ['images', 'relatives', first?.id, first?.patientId],
    queryFn: () => (first ? fetchRelatives(first) : []),
  });
  const others = (relatives.data ?? []).filter(
    (other) => other.id !== first?.id && other.category === first?.category && !other.volume,
  );
  if (!first?.patientId || (others.length === 0 && !second)) return null;
  const dated = (image: ListedImage): string =>
    image.acquiredAt
      ? new Intl.DateTimeFormat(language).format(new Date(image.acquiredAt))
      : say('compare.undated');
  return (
    <Choice
      name={say('compare.with')}
      value={second?.id ?? ''}
      none="–"
      options={others.map((other) => ({ value: other.id, text: dated(other) }))}
      choose={(id) => compare(id || null)}
    />
  );
}
