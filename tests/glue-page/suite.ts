import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'the page of glue-local in Chromium: at two widths, in light and dark, by keyboard, without scripts, checked by axe',
  needs: ['chromium'],
  limitSeconds: 400,
};
