import { useEffect, useState } from 'react';
import { addressOf, navigate } from '../frame/router';
import { useMay } from '../frame/session';
import { useT } from '../messages';
import { Failed } from '../parts/Failed';
import { nameOf } from '../parts/format';
import { useKeys } from '../parts/keys';
import { Loading } from '../parts/Loading';
import { Candidates, type Chosen } from './Candidates';
import { Claimed } from './Claimed';
import { after, type Item, type Look, moved, needed, nextLook, toggled } from './decide';
import { Empty } from './Empty';
import { NewPatient } from './NewPatient';
import { Reject } from './Reject';
import { type Done, useLink, useNewPatient, useReject, useUndo, useWaiting } from './useInbox';
import { WaitingList } from './WaitingList';
import './inbox.css';

type Asking = 'new' | 'reject' | null;

/** What waits, oldest first; keys decide, and every decision can be taken back. */
export default function Inbox({ id }: { id: string }) {
  const t = useT();
  const waiting = useWaiting();
  const mayDecide = useMay('imaging:capture');
  const [done, setDone] = useState<Done[]>([]);
  const items = waiting.items;
  const current = items.find((item) => item.id === id) ?? items[0];
  const undo = useUndo((itemId) => {
    setDone((all) => all.slice(0, -1));
    if (itemId) navigate(addressOf('inbox', itemId), { replace: true });
  });
  const last = done.at(-1);
  const nearEnd = current !== undefined && items.indexOf(current) >= items.length - 3;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = waiting;
  useEffect(() => {
    if (nearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [nearEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);

  function show(next: string | null) {
    navigate(addressOf('inbox', next), { replace: true });
  }
  useKeys({
    ArrowDown: () => show(moved(items, current?.id ?? null, 1)),
    ArrowUp: () => show(moved(items, current?.id ?? null, -1)),
    z: () => last && !undo.isPending && undo.mutate(last.decisionId),
  });

  if (waiting.isPending) return <Loading />;
  if (waiting.isError) return <Failed error={waiting.error} again={() => waiting.refetch()} />;
  return (
    <div className="inbox">
      <h1 className="hidden">{t('frame.inbox')}</h1>
      <div className="inbox-said" role="status">
        {last && (
          <p className="notice verified">
            {t(`inbox.${last.kind}`, { name: last.name })}{' '}
            <button type="button" className="quiet" onClick={() => undo.mutate(last.decisionId)}>
              <kbd>Z</kbd> {t('inbox.undo')}
            </button>
          </p>
        )}
        {undo.isError && <Failed error={undo.error} />}
      </div>
      {current ? (
        <>
          <WaitingList waiting={waiting} current={current.id} />
          <Decision
            key={current.id + current.snapshot}
            item={current}
            mayDecide={mayDecide}
            gone={() => show(after(items, current.id))}
            done={(one) => setDone((all) => [...all, one])}
          />
        </>
      ) : (
        <Empty />
      )}
    </div>
  );
}

interface DecisionProps {
  item: Item;
  mayDecide: boolean;
  gone: () => void;
  done: (done: Done) => void;
}

/** One item: who it claims to be, whom the register has, and what is decided. */
function Decision({ item, mayDecide, gone, done }: DecisionProps) {
  const t = useT();
  const [chosen, setChosen] = useState<Chosen | null>(() => firstOf(item));
  const [ticked, setTicked] = useState<ReadonlySet<Look>>(new Set());
  const [asking, setAsking] = useState<Asking>(null);
  const [reason, setReason] = useState('');

  function finished(one: Done) {
    gone();
    done(one);
  }
  const link = useLink(finished);
  const create = useNewPatient(finished);
  const reject = useReject(finished);
  const enough = chosen !== null && ticked.size >= needed(chosen.candidate?.grade);

  function choose(next: Chosen | undefined) {
    if (!next) return;
    setChosen(next);
    setTicked(new Set());
  }
  function tick(look: Look | undefined) {
    if (look) setTicked((held) => toggled(held, look));
  }
  function linkNow() {
    if (!mayDecide || !enough || link.isPending) return;
    const name = nameOf(chosen.patient);
    link.mutate({ item, patientId: chosen.patient.id, verified: [...ticked], reason: reason || null, name });
  }
  const numbers = Object.fromEntries(
    item.candidates.map((candidate, at) => [
      String(at + 1),
      () => choose({ patient: candidate.patient, candidate }),
    ]),
  );
  useKeys({
    ...numbers,
    Enter: linkNow,
    t: () => tick(nextLook(ticked, chosen?.candidate)),
    n: () => mayDecide && setAsking('new'),
    r: () => mayDecide && setAsking('reject'),
  });
  const name = nameOf(item.claimedIdentity) || t('person.noName');
  return (
    <>
      <Claimed item={item} />
      <Candidates
        item={item}
        chosen={chosen}
        choose={choose}
        ticked={ticked}
        tick={tick}
        reason={reason}
        setReason={setReason}
        enough={enough}
        mayDecide={mayDecide}
        link={linkNow}
        ask={setAsking}
        error={link.error}
      />
      {asking === 'new' && <NewPatient item={item} making={create} onClose={() => setAsking(null)} />}
      {asking === 'reject' && (
        <Reject
          pending={reject.isPending}
          error={reject.error}
          onClose={() => setAsking(null)}
          reject={(why) => reject.mutate({ item, reason: why, name })}
        />
      )}
    </>
  );
}

function firstOf(item: Item): Chosen | null {
  const first = item.candidates[0];
  return first && first.grade !== 'certainly-not' ? { patient: first.patient, candidate: first } : null;
}
