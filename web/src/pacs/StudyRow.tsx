import { useState } from 'react';
import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { useSpeech, useT } from '../messages';
import { Data } from '../parts/Data';
import { dateOf, nameOf } from '../parts/format';
import { BirthDate } from '../parts/Person';
import { visible } from '../parts/visible';
import { gradeOf } from '../parts/words';
import { type Found, isIso, isoOf, keyOf, personOf, textOf, uidOf } from './answers';
import { Here } from './Here';
import { SeriesRows } from './SeriesRows';
import type { Retrieves } from './useRetrieves';

interface StudyRowProps {
  found: Found;
  ticked: boolean;
  tick: () => void;
  retrieves: Retrieves;
}

/** A study that a node has, and under it its series. */
export function StudyRow({ found, ticked, tick, retrieves }: StudyRowProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const name = personOf(textOf(found, 'PatientName'));
  const description = textOf(found, 'StudyDescription');
  const called = visible([name, description].filter(Boolean).join(', ') || uidOf(found));
  return (
    <>
      <tr>
        <td>
          <input
            type="checkbox"
            aria-label={`${t('pacs.choose')}: ${called}`}
            checked={ticked}
            onChange={tick}
          />
        </td>
        <td>
          <strong>{name ? <Data>{name}</Data> : <em className="soft">{t('person.noName')}</em>}</strong>
          <br />
          <Born date={isoOf(textOf(found, 'PatientBirthDate'))} />
          <br />
          <span className="mono soft">
            <Data>{textOf(found, 'PatientID')}</Data>
          </span>
        </td>
        <td>
          <Day found={found} keyword="StudyDate" /> <Data>{description}</Data>
          <br />
          <span className="mono soft">
            <Data>{textOf(found, 'AccessionNumber')}</Data>
          </span>
        </td>
        <td>
          <Modality found={found} keyword="ModalitiesInStudy" />
        </td>
        <td className="number">
          <button
            type="button"
            className="quiet"
            aria-expanded={open}
            aria-label={`${t('pacs.series')}: ${called}`}
            onClick={() => setOpen(!open)}
          >
            <span aria-hidden="true">{open ? '▾' : '▸'}</span>
            <Data>{countsOf(found)}</Data>
          </button>
        </td>
        <td>
          <Here found={found} job={retrieves.jobs[keyOf(found)]} />
        </td>
        <td>
          <Whose found={found} />
        </td>
        <td>
          <Data>{found.node}</Data>
        </td>
      </tr>
      {open && (
        <tr className="series">
          <td />
          <td colSpan={7}>
            <SeriesRows study={found} retrieves={retrieves} />
          </td>
        </tr>
      )}
    </>
  );
}

/** How many series and images a study has, as far as the node says. */
function countsOf(found: Found): string {
  return [textOf(found, 'NumberOfStudyRelatedSeries'), found.stated ?? '']
    .map((one) => one || '?')
    .join(' / ');
}

/** A birth date with the age; one that is no date stands as the node wrote it. */
function Born({ date }: { date: string }) {
  return date && !isIso(date) ? <Data>{date}</Data> : <BirthDate value={date || null} />;
}

export function Day({ found, keyword }: { found: Found; keyword: string }) {
  const { language } = useSpeech();
  const date = isoOf(textOf(found, keyword));
  return isIso(date) ? dateOf(date, language) : <Data>{date}</Data>;
}

/** The clinic's codes that it most likely is, and DICOM's. */
export function Modality({ found, keyword }: { found: Found; keyword: string }) {
  return (
    <>
      {found.modalities.join(' ')}{' '}
      <span className="mono soft">
        <Data>{textOf(found, keyword).replaceAll('\\', ' ')}</Data>
      </span>
    </>
  );
}

/** Whose it most likely is, of the clinic's patients. */
function Whose({ found }: { found: Found }) {
  const t = useT();
  if (!found.patientId || !found.patient) return <span className="tag plain">{t('grade.nobody')}</span>;
  const grade = gradeOf(found.grade ?? '');
  return (
    <>
      <Link to={addressOf('patients', found.patientId)}>
        <Data>{nameOf(found.patient)}</Data>
      </Link>
      <br />
      <span className={`tag ${grade === 'certain' ? 'verified' : 'person'}`}>{t(`grade.${grade}`)}</span>
    </>
  );
}
