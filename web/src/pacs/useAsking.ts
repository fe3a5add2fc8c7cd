/** A question to remote nodes whose answers come one by one, and can be stopped. */
import { useEffect, useRef } from 'react';
import { api, told } from '../api/client';
import { useKept } from '../parts/useKept';
import { type Found, isOutcome, Lines, type Outcome } from './answers';
import type { Question } from './question';

export interface Asked {
  question: Question | null;
  found: Found[];
  outcomes: Outcome[];
  state: 'nothing' | 'asking' | 'stopped' | 'over';
  error: unknown;
}

const NOTHING: Asked = { question: null, found: [], outcomes: [], state: 'nothing', error: null };
/** Milliseconds between two looks at what came: a node may answer a thousand times a second. */
const PAUSE = 100;

export interface Asking extends Asked {
  ask: (question: Question) => void;
  stop: () => void;
}

export function useAsking(): Asking {
  const [asked, change] = useKept('pacs.asked', NOTHING);
  const current = useRef<AbortController | null>(null);

  function stop() {
    current.current?.abort();
    current.current = null;
    change((now) => (now.state === 'asking' ? { ...now, state: 'stopped' } : now));
  }
  async function ask(question: Question) {
    stop();
    const mine = new AbortController();
    current.current = mine;
    change(() => ({ ...NOTHING, question, state: 'asking' }));
    try {
      await hear(question, mine.signal, (told) => {
        if (current.current === mine) change((now) => added(now, told));
      });
      if (current.current === mine) change((now) => ({ ...now, state: 'over' }));
    } catch (error) {
      if (current.current === mine) change((now) => ({ ...now, state: 'over', error }));
    }
  }
  const leave = useRef(stop);
  leave.current = stop;
  // Whoever goes elsewhere stops the nodes: nobody hears them any more.
  useEffect(() => () => leave.current(), []);
  return { ...asked, ask, stop };
}

function added(now: Asked, told: (Found | Outcome)[]): Asked {
  return {
    ...now,
    found: [...now.found, ...told.filter((one): one is Found => !isOutcome(one))],
    outcomes: [...now.outcomes, ...told.filter(isOutcome)],
  };
}

/** Ask, and tell what comes in handfuls, until all nodes have ended or the signal is given. */
async function hear(
  question: Question,
  signal: AbortSignal,
  tell: (told: (Found | Outcome)[]) => void,
): Promise<void> {
  const stream = await told(
    api.POST('/api/imaging/dicom/query', {
      body: question,
      headers: { Accept: 'application/x-ndjson' },
      parseAs: 'stream',
      signal,
    }),
  );
  if (!stream) return;
  let waiting: (Found | Outcome)[] = [];
  function tellAll() {
    if (waiting.length > 0) tell(waiting);
    waiting = [];
  }
  const timer = setInterval(tellAll, PAUSE);
  try {
    const lines = new Lines();
    const reader = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
    const pieces = reader.getReader();
    for (let piece = await pieces.read(); !piece.done; piece = await pieces.read())
      waiting.push(...lines.take(piece.value).map((line) => JSON.parse(line) as Found | Outcome));
  } finally {
    clearInterval(timer);
    tellAll();
  }
}
