import type { Schemas } from '../api/client';
import { useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { BirthDate, PersonName } from '../parts/Person';
import { Veto } from '../parts/Veto';
import { gradeOf } from '../parts/words';
import { type Candidate, type Item, type Look, needed } from './decide';
import { Evidence } from './Evidence';
import { FindPatient } from './FindPatient';
import { Looks } from './Looks';
import { useRuleOut } from './useInbox';

/** Whom the person has chosen; a patient found by search is nobody's proposal. */
export interface Chosen {
  patient: Schemas['PatientAnswer'];
  candidate?: Candidate;
}

interface CandidatesProps {
  item: Item;
  chosen: Chosen | null;
  choose: (chosen: Chosen) => void;
  ticked: ReadonlySet<Look>;
  tick: (look: Look) => void;
  reason: string;
  setReason: (reason: string) => void;
  enough: boolean;
  mayDecide: boolean;
  link: () => void;
  ask: (what: 'new' | 'reject') => void;
  error: unknown;
}

export function Candidates(props: CandidatesProps) {
  const t = useT();
  const { item, chosen, choose } = props;
  const ruleOut = useRuleOut();
  return (
    <section className="candidates card" aria-labelledby="candidates">
      <h2 id="candidates">{t('inbox.candidates')}</h2>
      {item.remembered && (
        <p className="notice verified">{t('inbox.remembered', { by: item.remembered.by })}</p>
      )}
      {item.candidates.length === 0 && <p className="soft">{t('inbox.nobody')}</p>}
      <ol className="candidate-list">
        {item.candidates.map((candidate) => (
          <li key={candidate.patientId}>
            <CandidateRow
              candidate={candidate}
              chosen={chosen?.patient.id === candidate.patientId}
              choose={() => choose({ patient: candidate.patient, candidate })}
              ruleOut={
                props.mayDecide && candidate.grade !== 'certainly-not'
                  ? () =>
                      ruleOut.mutate({
                        itemId: item.id,
                        patientId: candidate.patientId,
                        reason: t('inbox.ruledOut'),
                      })
                  : null
              }
            />
          </li>
        ))}
      </ol>
      {chosen && !chosen.candidate && (
        <p className="notice person">
          {t('inbox.ownChoice')} <PersonName of={chosen.patient} />{' '}
          <BirthDate value={chosen.patient.birthDate} />
        </p>
      )}
      <FindPatient choose={(patient) => choose({ patient })} />
      <div className="decide">
        {chosen && <Ticks {...props} />}
        {Boolean(props.error ?? ruleOut.error) && <Failed error={props.error ?? ruleOut.error} />}
        <Acts {...props} />
      </div>
    </section>
  );
}

interface CandidateRowProps {
  candidate: Candidate;
  chosen: boolean;
  choose: () => void;
  /** Says that the claim is certainly not this patient; nothing where that may not be said, or was. */
  ruleOut: (() => void) | null;
}

function CandidateRow({ candidate, chosen, choose, ruleOut }: CandidateRowProps) {
  const t = useT();
  const grade = gradeOf(candidate.grade);
  const { patient } = candidate;
  return (
    <div className={`candidate ${chosen ? 'chosen' : ''}`}>
      <button type="button" aria-pressed={chosen} onClick={choose}>
        <kbd>{candidate.rank}</kbd>
        <span className="candidate-who">
          <strong>
            <PersonName of={patient} />
          </strong>
          <span>
            <BirthDate value={patient.birthDate} />{' '}
            {patient.identifiers[0] && <Data>{`#${patient.identifiers[0].value}`}</Data>}
          </span>
        </span>
        <span
          className={`tag ${grade === 'certain' ? 'verified' : grade === 'certainly-not' ? 'danger' : 'person'}`}
        >
          {t(`grade.${grade}`)}
        </span>
      </button>
      {candidate.vetoes.length > 0 && (
        <ul className="vetoes">
          {candidate.vetoes.map((veto) => (
            <li key={veto.rule}>
              <span aria-hidden="true">✗ </span>
              <Veto of={veto} />
            </li>
          ))}
        </ul>
      )}
      {chosen && <Evidence candidate={candidate} />}
      {chosen && ruleOut && (
        <button type="button" className="quiet" onClick={ruleOut}>
          {t('inbox.ruleOut')}
        </button>
      )}
    </div>
  );
}

/** What was looked at and found to agree. */
function Ticks({ chosen, ticked, tick, reason, setReason, mayDecide }: CandidatesProps) {
  const t = useT();
  const left = needed(chosen?.candidate?.grade) - ticked.size;
  const asksWhy = chosen?.candidate?.grade === 'certainly-not';
  return (
    <Looks
      ticked={ticked}
      tick={tick}
      disabled={!mayDecide}
      beside={
        <>
          <kbd>T</kbd>{' '}
          <span className="soft">{left > 0 ? t('inbox.left', { count: left }) : t('inbox.enough')}</span>
        </>
      }
    >
      {asksWhy && (
        <label className="why">
          {t('inbox.whyAfterAll')}
          <input value={reason} maxLength={1000} onChange={(event) => setReason(event.target.value)} />
        </label>
      )}
    </Looks>
  );
}

function Acts({ enough, mayDecide, link, ask, chosen }: CandidatesProps) {
  const t = useT();
  if (!mayDecide) return <p className="soft">{t('inbox.mayNot')}</p>;
  return (
    <div className="acts">
      <button type="button" className="primary" disabled={!enough || !chosen} onClick={link}>
        <kbd>Enter</kbd> {t('inbox.link')}
      </button>
      <button type="button" onClick={() => ask('new')}>
        <kbd>N</kbd> {t('inbox.newPatient')}
      </button>
      <button type="button" className="danger" onClick={() => ask('reject')}>
        <kbd>R</kbd> {t('inbox.reject')}
      </button>
    </div>
  );
}
