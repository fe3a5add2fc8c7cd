import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { Differing } from '../parts/Differing';
import { differences } from '../parts/diff';
import { levelKey } from '../parts/levels';
import { phrases } from '../parts/reasons';
import { fieldKey } from '../parts/words';
import { type Candidate, isField } from './decide';

/** What each field says, with the letters that differ; bits for and against. */
export function Evidence({ candidate }: { candidate: Candidate }) {
  const { t } = useSpeech();
  return (
    <div className="wide">
      <table className="evidence">
        <caption className="hidden">{t('inbox.evidence')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('inbox.field')}</th>
            <th scope="col">{t('inbox.claimedValue')}</th>
            <th scope="col">{t('inbox.registered')}</th>
            <th scope="col">{t('inbox.says')}</th>
            <th scope="col" className="number">
              {t('inbox.bits')}
            </th>
          </tr>
        </thead>
        <tbody>
          {candidate.evidence.map((line) => (
            <Line key={line.field} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ line }: { line: Candidate['evidence'][number] }) {
  const { language, t } = useSpeech();
  const [claimed, registered] = differences(line.claimed, line.registered);
  const known = fieldKey(line.field);
  const level = levelKey(line.level);
  const bits = new Intl.NumberFormat(language, {
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  }).format(line.bits);
  return (
    <tr className={isField(line) ? '' : 'whole'}>
      <th scope="row">{known ? t(known) : <Data>{line.field}</Data>}</th>
      <td>
        {isField(line) && (
          <Differing letters={line.registered ? claimed : [{ text: line.claimed, same: true }]} />
        )}
      </td>
      <td>
        {isField(line) && (
          <Differing letters={line.claimed ? registered : [{ text: line.registered, same: true }]} />
        )}
      </td>
      <td>
        {level ? t(level) : <Data>{line.level}</Data>}
        {phrases(line.reason, t).map(({ words, foreign }) => (
          <span key={words} className="soft small" lang={foreign ? 'en' : undefined}>
            {' · '}
            <Data>{words}</Data>
          </span>
        ))}
      </td>
      <td className={`number ${line.bits < 0 ? 'against' : ''}`}>{bits}</td>
    </tr>
  );
}
