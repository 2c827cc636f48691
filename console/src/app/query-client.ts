import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/client.ts';

const RETRIES_MAX = 2;

function isWorthAnotherTry(failures: number, error: Error): boolean {
  const temporary = error instanceof ApiError && (error.status === 0 || error.status >= 500);
  return temporary && failures < RETRIES_MAX;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000, gcTime: 300_000, retry: isWorthAnotherTry, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}
