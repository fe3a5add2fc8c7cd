import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem } from './api/client';
import { App } from './frame/App';
import { followTheme } from './frame/theme';
import { Speaking } from './messages';
import './style/tokens.css';
import './style/base.css';
import './parts/parts.css';

followTheme();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the server refused it will refuse again; a network that hiccuped may not.
      retry: (count, error) =>
        count < 2 && (!(error instanceof Problem) || [0, 502, 503].includes(error.status)),
    },
  },
});

const place = document.getElementById('page');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Speaking>
          <App />
        </Speaking>
      </QueryClientProvider>
    </StrictMode>,
  );
}
