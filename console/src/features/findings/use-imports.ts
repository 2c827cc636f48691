import type { Report } from '#api/report.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';

export interface ImportTarget {
  readonly repository: string;
  readonly branch: string;
  readonly as: string;
}

export interface ImportedFile {
  readonly key: number;
  readonly name: string;
  readonly bytes: number;
  readonly state: 'waiting' | 'sending' | 'done' | 'failed';
  readonly report?: Report;
  readonly error?: unknown;
}

/** Files one after the other: two reports of one repository at the same time would only wait for each other. */
export function useImports() {
  const [files, setFiles] = useState<readonly ImportedFile[]>([]);
  const [busy, setBusy] = useState(false);
  const queryClient = useQueryClient();
  const update = (key: number, changes: Partial<ImportedFile>) =>
    setFiles((before) => before.map((each) => (each.key === key ? { ...each, ...changes } : each)));

  const send = async (key: number, file: File, { repository, branch, as }: ImportTarget) => {
    update(key, { state: 'sending' });
    try {
      const query = {
        repository,
        name: file.name.slice(0, 200),
        branch: branch === '' ? undefined : branch,
        as: as === '' ? undefined : as,
      };
      update(key, { state: 'done', report: await call('importReport', { query, body: file }) });
    } catch (error) {
      update(key, { state: 'failed', error });
    }
  };

  const take = async (added: readonly File[], target: ImportTarget) => {
    const start = files.length;
    const waiting = added.map((file, index) => ({
      key: start + index,
      name: file.name,
      bytes: file.size,
      state: 'waiting' as const,
    }));
    setFiles((before) => [...before, ...waiting]);
    setBusy(true);
    for (const [index, file] of added.entries()) await send(start + index, file, target);
    setBusy(false);
    await queryClient.invalidateQueries();
  };
  return { files, busy, take };
}
