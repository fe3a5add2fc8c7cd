import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, told } from '../api/client';
import { useMay } from '../frame/session';
import { useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { CATEGORIES, categoryKey } from '../parts/words';
import type { Detail } from './ImageScreen';

/** What the image shows, the rules that said so and on what, and a way to say otherwise. */
export function CategoryPart({ image }: { image: Detail }) {
  const t = useT();
  const mayCorrect = useMay('imaging:capture');
  const queries = useQueryClient();
  const correct = useMutation({
    mutationFn: (category: string) =>
      told(
        api.POST('/api/imaging/images/{image_id}/category', {
          params: { path: { image_id: image.id } },
          body: { category },
        }),
      ),
    onSuccess: () => {
      for (const topic of ['images', 'inbox']) void queries.invalidateQueries({ queryKey: [topic] });
    },
  });
  if (image.category === null) return <p className="soft">{t('image.noCategory')}</p>;
  return (
    <section aria-labelledby="category" className="stack">
      <h2 id="category">{t('image.category')}</h2>
      <p>
        <strong>{t(categoryKey(image.category))}</strong>{' '}
        {image.correctedBy ? (
          <span className="tag verified">{t('image.correctedBy', { by: image.correctedBy })}</span>
        ) : (
          <span className={`tag ${image.needsReview ? 'person' : 'plain'}`}>
            {t('inbox.sure', { percent: Math.round(image.categoryConfidence * 100) })}
          </span>
        )}
      </p>
      {mayCorrect && (
        <label>
          {t('image.correct')}
          <select
            value={image.category}
            disabled={correct.isPending}
            onChange={(event) => correct.mutate(event.target.value)}
          >
            {CATEGORIES.map((one) => (
              <option key={one} value={one}>
                {t(categoryKey(one))}
              </option>
            ))}
          </select>
        </label>
      )}
      {correct.isSuccess && <p role="status">{t('image.corrected')}</p>}
      {correct.isError && <Failed error={correct.error} />}
      <details>
        <summary>{t('image.evidence', { count: image.categoryEvidence.length })}</summary>
        <ul className="rules" lang="en">
          {image.categoryEvidence.map((one) => (
            <li key={one.rule}>
              <strong>
                <Data>{one.rule}</Data>
              </strong>{' '}
              {t(categoryKey(one.category))} {one.weight}
              <br />
              {one.values.map((value) => (
                <span key={value} className="mono">
                  <Data>{value}</Data>{' '}
                </span>
              ))}
              <br />
              <span className="soft small">
                <Data>{one.source}</Data>
              </span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
