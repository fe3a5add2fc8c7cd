import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, told } from '../api/client';

const PAUSE = 150;

/** What is typed, once the fingers rest. */
export function useRested(typed: string): string {
  const [rested, setRested] = useState(typed);
  useEffect(() => {
    const timer = window.setTimeout(() => setRested(typed), PAUSE);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return rested;
}

/** Patients found as somebody types; nothing typed finds nobody. */
export function useFound(typed: string) {
  const q = useRested(typed.trim());
  return useQuery({
    queryKey: ['patients', 'found', q],
    queryFn: () => told(api.POST('/api/patients/search', { body: { q, limit: 20 } })),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
  });
}
