/** One thing that was looked at. `remedy` is set whenever it is not `ok`. */
export interface Check {
  area: string;
  status: 'ok' | 'warning' | 'problem';
  message: string;
  remedy?: string;
}

export function ok(area: string, message: string): Check {
  return { area, status: 'ok', message };
}

export function problem(area: string, message: string, remedy: string): Check {
  return { area, status: 'problem', message, remedy };
}

export function warning(area: string, message: string, remedy: string): Check {
  return { area, status: 'warning', message, remedy };
}
