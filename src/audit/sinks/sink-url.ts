import { z } from 'zod';

/** What is reached is judged again at connect time; http is for hosts of `network.allowPrivateHosts` only. */
export const SinkUrl = z
  .string()
  .max(500)
  .refine(
    (text) => {
      const url = URL.parse(text);
      return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.hash === '';
    },
    { message: 'must be an https URL without a user and a fragment' },
  )
  .transform((text) => text.replace(/\/$/, ''));
