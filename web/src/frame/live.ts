/** What the server says has changed is asked for anew, whoever changed it. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** The topics that an event names; what is none of ours is no event. */
export function topicsOf(data: string): string[] {
  try {
    const said: unknown = JSON.parse(data);
    const topics = (said as { topics?: unknown } | null)?.topics;
    return Array.isArray(topics) ? topics.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function useLive(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const stream = new EventSource('/api/events');
    stream.addEventListener('changed', (event) => {
      const topics = topicsOf(event.data);
      if (topics.length === 0) return;
      for (const topic of [...topics, 'overview']) void queries.invalidateQueries({ queryKey: [topic] });
    });
    return () => stream.close();
  }, [queries]);
}
