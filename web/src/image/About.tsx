import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { bytesOf, momentOf } from '../parts/format';
import { doseOf } from '../patients/Exposures';
import { CategoryPart } from './CategoryPart';
import type { Detail } from './ImageScreen';

/** What an image is, where it came from, what it cost, and what is wrong with it. */
export function About({ image }: { image: Detail }) {
  const { t } = useSpeech();
  return (
    <>
      <CategoryPart image={image} />
      <Problems image={image} />
      <Facts image={image} />
      <section aria-labelledby="files" className="stack">
        <h2 id="files">{t('image.files')}</h2>
        <Files image={image} />
      </section>
    </>
  );
}

function Problems({ image }: { image: Detail }) {
  const { t } = useSpeech();
  if (image.problems.length === 0) return null;
  return (
    <section aria-labelledby="problems" className="notice person">
      <h2 id="problems">{t('image.problems')}</h2>
      <ul lang="en">
        {image.problems.map((one) => (
          <li key={`${one.tag}|${one.reason}`}>
            {one.tag && (
              <span className="mono">
                <Data>{one.tag}</Data>{' '}
              </span>
            )}
            <Data>{one.reason}</Data>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ image }: { image: Detail }) {
  const { language, t } = useSpeech();
  const spacing = image.pixelSpacing;
  const rows: [string, string | null | undefined][] = [
    [t('image.acquired'), momentOf(image.acquiredAt, language)],
    [t('image.received'), momentOf(image.receivedAt, language)],
    [t('image.device'), image.source.device],
    [t('image.source'), [image.source.aeTitle, image.source.path].filter(Boolean).join(' · ')],
    [t('image.modality'), [image.modality, image.dicomModality].filter(Boolean).join(' / ')],
    [t('image.size'), sizeOf(image)],
    [
      t('image.spacing'),
      spacing?.mm ? `${spacing.mm.join(' × ')} mm, ${spacing.basis}` : (spacing?.reason ?? null),
    ],
    [t('image.teeth'), image.teeth.join(' ')],
    [t('image.laterality'), image.laterality],
    [t('image.dose'), doseOf(image, language) ?? missingDose(image)],
    ['kV / mA / ms', exposureOf(image, language)],
    [t('image.volume'), image.volume?.summary],
  ];
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Data>{value}</Data>
            </dd>
          </div>
        ))}
    </dl>
  );
}

function sizeOf(image: Detail): string | null {
  if (image.rows === null) return null;
  const slices = image.slices ?? image.frames;
  return `${image.columns} × ${image.rows}${slices > 1 ? ` × ${slices}` : ''}`;
}

function missingDose(image: Detail): string | null {
  const missing = image.exposure?.missing;
  return missing?.dapMgycm2 ?? missing?.entranceMgy ?? null;
}

function exposureOf(image: Detail, language: string): string | null {
  const { exposure } = image;
  if (!exposure) return null;
  const numbers = [exposure.kvp, exposure.tubeMa, exposure.timeMs];
  if (numbers.every((one) => one === null)) return null;
  const format = new Intl.NumberFormat(language, { maximumSignificantDigits: 4 });
  return numbers.map((one) => (one === null ? '–' : format.format(one))).join(' / ');
}

function Files({ image }: { image: Detail }) {
  const { language, t } = useSpeech();
  const shown = image.instances.slice(0, 20);
  return (
    <ul className="files">
      {shown.map((one) => (
        <li key={one.sopInstanceUid}>
          <a
            download
            href={`/api/imaging/images/${encodeURIComponent(image.id)}/file?instance=${encodeURIComponent(one.sopInstanceUid)}`}
          >
            {t('image.download', { size: bytesOf(one.size, language) })}
          </a>{' '}
          <span className="mono soft">
            <Data>{one.sopInstanceUid}</Data>
          </span>
        </li>
      ))}
      {image.instances.length > shown.length && (
        <li className="soft">{t('image.moreFiles', { count: image.instances.length - shown.length })}</li>
      )}
    </ul>
  );
}
